import { customerLayout } from "@/app/[accountToken]/customer-layout";

export default customerLayout("meterEntries.read");
