import { customerLayout } from "@/app/[accountToken]/customer-layout";

export default customerLayout("contacts.read");
