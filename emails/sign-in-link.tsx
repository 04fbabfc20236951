import { MailFrame, MailText } from "./mail-frame";

export interface SignInLinkMailProps {
  readonly name: string;
  readonly email: string;
  readonly link: string;
  readonly minutes: number;
  readonly appUrl: string;
}

export function SignInLinkMail({ name, email, link, minutes, appUrl }: SignInLinkMailProps) {
  const { host } = new URL(appUrl);
  return (
    <MailFrame
      preview={`Your link works once, for ${minutes} minutes.`}
      title="Sign in to Fleet Advisor Hub"
      act={{ label: "Sign in", href: link }}
      why={`This went to ${email} because somebody entered this address on the sign-in page of ${host}. If that was not you, there is nothing to do: without this mail nobody can sign in as you. Do not forward it.`}
    >
      <MailText>Hello {name},</MailText>
      <MailText>
        the button opens a page on {host} where you confirm that you want to sign in. The link works once, for {minutes}{" "}
        minutes.
      </MailText>
    </MailFrame>
  );
}
