import { atLeast, middle, type Figure } from "./figure";
import type { DeliverOrder, DeliverResult } from "./deliver";
import { runProgram, startProgram } from "./processes";

export const DELIVERY_PROGRAMS = ["bench/deliver.ts", "bench/receiver.ts"];

const COUNT = 5000;
const ROUNDS = 3;

/** By turns, each in a process of its own, on one database and to one receiver. */
export async function measureWebhookDeliveries(
  environment: Readonly<Record<string, string>>,
  share: number,
): Promise<Figure[]> {
  const receiver = await startProgram("bench/receiver.ts", {});
  const settings = { ...environment, WEBHOOK_ALLOWED_PRIVATE_HOSTS: "127.0.0.1", LOG_LEVEL: "error" };
  const measure = (what: DeliverOrder["what"]) =>
    runProgram<DeliverResult>("bench/deliver.ts", settings, {
      what,
      receiver: receiver.address,
      count: Math.ceil(COUNT * share),
    });
  const rates: Record<"inserts" | "deliveries" | "naive" | "posts", number[]> = {
    inserts: [],
    deliveries: [],
    naive: [],
    posts: [],
  };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const what of ["inserts", "deliveries", "naive", "posts"] as const)
        rates[what].push((await measure(what)).perSecond);
    }
    const { p95Ms } = await measure("dead");
    const [inserts, deliveries, naive, posts] = [rates.inserts, rates.deliveries, rates.naive, rates.posts].map(middle);
    return figuresOf({ inserts, deliveries, naive, posts, p95Ms } as Measured);
  } finally {
    await receiver.stop();
  }
}

type Measured = Readonly<Record<"inserts" | "deliveries" | "naive" | "posts" | "p95Ms", number>>;

function figuresOf({ inserts, deliveries, naive, posts, p95Ms }: Measured): Figure[] {
  const detail = `deliveries ${deliveries.toFixed(0)}/s, jobs of one INSERT ${inserts.toFixed(0)}/s, naive ${naive.toFixed(0)}/s, bare POSTs ${posts.toFixed(0)}/s`;
  const against = (name: string, floor: number, bar: number) =>
    atLeast(bar, {
      name: `webhook deliveries per second, signed and recorded, to ${name}`,
      ratio: deliveries / floor,
      detail,
    });
  return [
    against("queue jobs that each do one INSERT", inserts, 0.5),
    against("one naive job per delivery with global fetch", naive, 2.5),
    {
      name: "delay at p95 beside one dead endpoint among 100, in seconds",
      ratio: p95Ms / 1000,
      bar: "< 1",
      holds: p95Ms < 1000,
      detail: `p95 ${p95Ms.toFixed(0)} ms at 500 deliveries a second`,
    },
  ];
}
