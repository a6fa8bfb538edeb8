// Checks that a value from the other side has the shape it should have. A shape gives the value back, typed, or throws a
// ShapeError that names the place; fields that nobody asked for are dropped.

export class ShapeError extends Error {}

export type Shape<T> = (value: unknown, at: string) => T;
export type Of<S> = S extends Shape<infer T> ? T : never;

const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : typeof value);

export function wrong(at: string, wanted: string, value: unknown): never {
  throw new ShapeError(`${at} should be ${wanted}, not ${kindOf(value)}`);
}

/** @param most the longest that is taken, in UTF-16 units */
export const text =
  (most = Number.POSITIVE_INFINITY): Shape<string> =>
  (value, at) => {
    if (typeof value !== 'string') wrong(at, 'a string', value);
    if (value.length > most) throw new ShapeError(`${at} is longer than ${most} characters`);
    return value;
  };

export const number: Shape<number> = (value, at) => (typeof value === 'number' && Number.isFinite(value) ? value : wrong(at, 'a finite number', value));

export const count: Shape<number> = (value, at) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : wrong(at, 'a whole number of 0 or more', value);

export const flag: Shape<boolean> = (value, at) => (typeof value === 'boolean' ? value : wrong(at, 'true or false', value));

export const anything: Shape<unknown> = (value) => value;

export const oneOf =
  <const T extends readonly string[]>(...words: T): Shape<T[number]> =>
  (value, at) =>
    words.includes(value as string) ? (value as T[number]) : wrong(at, `one of ${words.join(', ')}`, value);

export const list =
  <T>(inner: Shape<T>, most = Number.POSITIVE_INFINITY): Shape<T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) wrong(at, 'an array', value);
    if (value.length > most) throw new ShapeError(`${at} has more than ${most} elements`);
    return value.map((one, i) => inner(one, `${at}[${i}]`));
  };

/** May be absent, or null, which is the same. */
export const maybe =
  <T>(inner: Shape<T>): Shape<T | undefined> =>
  (value, at) =>
    value === undefined || value === null ? undefined : inner(value, at);

export const orNull =
  <T>(inner: Shape<T>): Shape<T | null> =>
  (value, at) =>
    value === undefined || value === null ? null : inner(value, at);

type Fields = Record<string, Shape<any>>;
type Optional<F extends Fields> = { [K in keyof F]: undefined extends Of<F[K]> ? K : never }[keyof F];
type Flat<T> = { [K in keyof T]: T[K] };
export type Fielded<F extends Fields> = Flat<{ [K in Exclude<keyof F, Optional<F>>]: Of<F[K]> } & { [K in Optional<F>]?: Of<F[K]> }>;

export const record =
  <F extends Fields>(fields: F): Shape<Fielded<F>> =>
  (value, at) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) wrong(at, 'an object', value);
    const result: Record<string, unknown> = {};
    for (const [name, shape] of Object.entries(fields)) {
      const field = shape(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined, `${at}.${name}`);
      if (field !== undefined) result[name] = field;
    }
    return result as Fielded<F>;
  };

/** A union told apart by `type`. */
export const tagged =
  <C extends Record<string, Shape<any>>>(cases: C): Shape<{ [K in keyof C & string]: Flat<{ type: K } & Of<C[K]>> }[keyof C & string]> =>
  (value, at) => {
    const type = value !== null && typeof value === 'object' ? (value as { type?: unknown }).type : undefined;
    if (typeof type !== 'string' || !Object.hasOwn(cases, type)) return wrong(`${at}.type`, `one of ${Object.keys(cases).join(', ')}`, type);
    return { type, ...cases[type](value, at) };
  };

/** @returns the value in its shape, or the sentence that says what is wrong with it */
export function check<T>(shape: Shape<T>, value: unknown, what: string): { value: T } | { problem: string } {
  try {
    return { value: shape(value, what) };
  } catch (error) {
    if (error instanceof ShapeError) return { problem: error.message };
    throw error;
  }
}
