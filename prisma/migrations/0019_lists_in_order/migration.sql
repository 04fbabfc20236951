-- The Hub's customers are counted by status, members are listed by when they came; a hundred thousand of them as fast as a hundred.
CREATE INDEX accounts_by_status ON accounts (partner_id, status);
CREATE INDEX memberships_in_order ON memberships (account_id, created_at, id);
