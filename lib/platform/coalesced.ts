export interface CoalescedOptions {
  /** A statement's size. */
  readonly maxBatch: number;
  /** Statements under way at once; what arrives meanwhile goes into the next. */
  readonly maxInFlight: number;
  /** One that takes longer is waited for no more, and its place is the next one's. */
  readonly timeoutMs: number;
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Rejects where the answer takes too long, however it would end. */
async function inTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = Object.assign(new Error("coalesced questions were not answered in time"), { code: "ETIMEDOUT" });
    timer = setTimeout(reject, timeoutMs, error);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/**
 * Turns a function that answers many questions at once into one that answers one: questions of one tick travel
 * together. Nothing is remembered: each question is answered by a statement that began after it was asked.
 */
export function coalesced<Question, Answer>(
  answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  { maxBatch, maxInFlight, timeoutMs }: CoalescedOptions,
): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = [];
  let inFlight = 0;
  let isPlanned = false;

  const send = async (batch: Waiting<Question, Answer>[]) => {
    inFlight++;
    try {
      const answering = answerAll(batch.map(({ question }) => question));
      const answers = await inTime(answering, timeoutMs);
      batch.forEach(({ resolve, reject }, index) => {
        if (index < answers.length) resolve(answers[index] as Answer);
        else reject(new Error("a coalesced question was left unanswered"));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      inFlight--;
      plan();
    }
  };
  const plan = () => {
    if (isPlanned || waiting.length === 0 || inFlight >= maxInFlight) return;
    isPlanned = true;
    setImmediate(() => {
      isPlanned = false;
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      if (batch.length > 0) void send(batch);
      plan();
    });
  };
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      plan();
    });
}
