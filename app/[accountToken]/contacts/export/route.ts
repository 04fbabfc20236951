import { downloadContacts } from "@/lib/contacts/downloads";

export const GET = downloadContacts;
