import { vi } from "vitest";

import { readPool } from "@/lib/platform/database/pool";

/** Read from one end to the other, which is one row. */
const ONE_ROW = "database_identity";

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

export interface ViewCost {
  /** Of 8 kB each, by statement. */
  readonly blocks: readonly number[];
  /** The tables that are read from one end to the other. */
  readonly walked: readonly string[];
}

/** The blocks that each statement of a view touches, which are the same on every machine, and how it finds them. */
export async function viewCost(view: () => Promise<unknown>): Promise<ViewCost> {
  const spy = vi.spyOn(readPool(), "query");
  await view();
  const calls = spy.mock.calls as unknown as [string | { text: string; values?: unknown[] }, unknown[] | undefined][];
  spy.mockRestore();
  const plans: PlanNode[] = [];
  for (const [asked, values] of calls) {
    const [text, given] = typeof asked === "string" ? [asked, values] : [asked.text, asked.values ?? values];
    const { rows } = await readPool().query<{ "QUERY PLAN": { Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
      given,
    );
    for (const { Plan } of rows[0]?.["QUERY PLAN"] ?? []) plans.push(Plan);
  }
  const walks = plans
    .flatMap(nodesOf)
    .filter((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] !== ONE_ROW);
  return {
    blocks: plans.map((plan) => plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]),
    walked: walks.map((node) => node["Relation Name"] ?? ""),
  };
}
