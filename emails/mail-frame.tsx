import type { ReactNode } from "react";
import { Body, Button, Container, Head, Heading, Hr, Html, Preview, Text } from "react-email";

const FONT = '"Geist", ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif';

/**
 * Colours stand twice: in `style` for programs that drop style sheets, here for those that know the dark.
 * All below `.page`, so that none is taken without the others: light words on white would be lost.
 */
const DARK = `
@media (prefers-color-scheme: dark) {
  .page, .page td { background-color: #141312 !important; }
  .page .strong { color: #f5f4f2 !important; }
  .page .words { color: #b5b0ab !important; }
  .page .quiet { color: #948f8a !important; }
  .page .line { border-color: #2b2927 !important; }
  .page .act { background-color: #3fb3ac !important; color: #06201f !important; }
}`;

export interface MailFrameProps {
  /** What an inbox shows beside the subject. */
  readonly preview: string;
  readonly title: string;
  /** The one button. */
  readonly act: { readonly label: string; readonly href: string };
  /** Who gets this, and why. */
  readonly why: ReactNode;
  readonly children: ReactNode;
}

/** One column of 560 px, one button, the reason at the foot; nothing in it needs images. */
export function MailFrame({ preview, title, act, why, children }: MailFrameProps) {
  return (
    <Html lang="en">
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{DARK}</style>
      </Head>
      <Preview>{preview}</Preview>
      <Body className="page" style={{ backgroundColor: "#ffffff", fontFamily: FONT, margin: 0, padding: "24px 16px" }}>
        <Container style={{ maxWidth: 560, margin: "0 auto" }}>
          <Text
            className="strong"
            style={{ color: "#1c1917", fontSize: 14, fontWeight: 600, lineHeight: "20px", margin: "0 0 24px" }}
          >
            Fleet Advisor Hub
          </Text>
          <Heading
            as="h1"
            className="strong"
            style={{ color: "#1c1917", fontSize: 20, fontWeight: 600, lineHeight: "28px", margin: "0 0 12px" }}
          >
            {title}
          </Heading>
          {children}
          <Button
            className="act"
            href={act.href}
            style={{
              backgroundColor: "#0f5f5c",
              borderRadius: 6,
              color: "#ffffff",
              fontSize: 14,
              fontWeight: 500,
              lineHeight: "20px",
              margin: "8px 0 24px",
              padding: "10px 16px",
            }}
          >
            {act.label}
          </Button>
          <Hr className="line" style={{ borderColor: "#e7e5e4", margin: "0 0 16px" }} />
          <Text className="quiet" style={{ color: "#6f6a66", fontSize: 12, lineHeight: "16px", margin: 0 }}>
            {why}
          </Text>
        </Container>
      </Body>
    </Html>
  );
}

export function MailText({ children }: { children: ReactNode }) {
  return (
    <Text className="words" style={{ color: "#57534e", fontSize: 14, lineHeight: "20px", margin: "0 0 16px" }}>
      {children}
    </Text>
  );
}
