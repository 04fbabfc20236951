import { customerLayout } from "@/app/[accountToken]/customer-layout";

export default customerLayout("vehicles.read");
