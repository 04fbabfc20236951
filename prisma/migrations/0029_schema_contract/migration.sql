-- How much of what releases before relied on has been taken away: a migration that takes something raises the step, and
-- a program that does not know of it does not serve (docs/decisions/0057).
CREATE TABLE "schema_contract" (
    "id" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,

    CONSTRAINT "schema_contract_pkey" PRIMARY KEY ("id"),
    CONSTRAINT schema_contract_is_one CHECK (id = 1)
);

INSERT INTO schema_contract (id, step) VALUES (1, 0);
