import type { Metadata } from "next";

import { ContactFormPage } from "@/app/[accountToken]/contacts/contact-form-page";

export const metadata: Metadata = { title: "Add contact" };

export default async function Page({ params }: { params: Promise<{ accountToken: string }> }) {
  return <ContactFormPage accountToken={(await params).accountToken} contact={null} />;
}
