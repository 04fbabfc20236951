-- An IPv6 network asks from 64 bits (now in "ip"); the 48 bits around it are counted as well. Null for IPv4.
ALTER TABLE "sign_in_requests" ADD COLUMN "site" TEXT;

-- Most requests send nothing, as the link before is still unused. Each one of the release before this one sent a mail.
ALTER TABLE "sign_in_requests" ADD COLUMN "sends_mail" BOOLEAN NOT NULL DEFAULT true;

CREATE INDEX sign_in_requests_of_sites ON sign_in_requests (site, created_at) WHERE site IS NOT NULL;
CREATE INDEX sign_in_requests_that_mail ON sign_in_requests (email, created_at) WHERE sends_mail;
