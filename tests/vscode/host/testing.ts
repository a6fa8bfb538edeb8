// Tests in the extension host: one after another, each reported to the outside as soon as it has ended.
const DEADLINE = 180_000;
const tests: { name: string; body: () => Promise<void> }[] = [];

export function test(name: string, body: () => Promise<void>): void {
  tests.push({ name, body });
}

/** What only the outside can do: see `outside` in the test file that started this. */
export async function outside<T = void>(call: string, ...args: unknown[]): Promise<T> {
  const url = process.env.PILSP_TEST_OUTSIDE;
  if (!url) throw new Error('PILSP_TEST_OUTSIDE is not set: these tests are started by runInHost');
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ call, args }) });
  const { value, error } = (await response.json()) as { value: T; error?: string };
  if (error) throw new Error(error);
  return value;
}

export async function runAll(after: () => Promise<void>): Promise<void> {
  const only = process.env.PILSP_TEST_ONLY ?? '';
  for (const { name, body } of tests.filter((one) => one.name.includes(only))) {
    let error: string | undefined;
    try {
      await within(body());
      await within(after());
    } catch (problem) {
      error = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
      await outside('failed', name);
      await within(after()).catch(() => {});
    }
    await outside('ended', { name, error });
  }
}

/** A test that waits for something that never comes does not keep the others from running. */
function within(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It was not over after ${DEADLINE} ms.`)), DEADLINE);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Looks again and again until it is as wanted; at the deadline it says what was awaited and what was there. */
export async function until<T>(what: string, probe: () => T | Promise<T>, deadlineMs = 60_000): Promise<Exclude<T, false | '' | 0 | null | undefined>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value) return value as Exclude<T, false | '' | 0 | null | undefined>;
    if (performance.now() > end) throw new Error(`Looked ${deadlineMs} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
