import { CustomerLayout } from "@/app/[accountToken]/customer-layout";

export default CustomerLayout;
