/** What a provider or its client says of an error, as a sentence; its own words stand behind "Details". Pure. */
import { short } from './short.ts';

export interface ToldError {
  sentence: string;
  /** The raw text, where the sentence does not say the same. */
  details?: string;
}

const LONGEST = 240;

/** By the words that vendors and network clients use; the first that fits. */
const KNOWN: [RegExp, string][] = [
  [
    /prompt (?:is )?too long|context[_ ]length|context window|maximum context|too many tokens|token limit|\b413\b/i,
    'The conversation is longer than the model can read.',
  ],
  [/insufficient_quota|usage limit|billing|credit balance|out of budget|quota exceeded/i, 'The limit or the credit of this account is used up.'],
  [/\b401\b|unauthori[sz]ed|invalid (?:x-)?api[ _-]?key|invalid_api_key|incorrect api key|authentication/i, 'The provider refuses the key or the sign-in.'],
  [/\b403\b|permission_denied|forbidden/i, 'The provider does not allow this account to use the model.'],
  [/model_not_found|unknown model|no such model|model\b.{0,80}(?:not found|does not exist)/i, 'The provider does not have this model.'],
  [/\b429\b|rate.?limit|too many requests/i, 'The provider gets too many requests from this account just now.'],
  [/\b529\b|overloaded/i, 'The provider is overloaded just now.'],
  [/\b50[0234]\b|internal server error|bad gateway|service unavailable|server_error/i, 'The provider has a failure of its own.'],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|fetch failed|connection error|network/i, 'The provider cannot be reached.'],
  [/ETIMEDOUT|timed? ?out|ECONNRESET|socket hang up|terminated|premature/i, 'The connection to the provider broke off.'],
];

/** What a body in JSON says of itself. */
function messageIn(raw: string): string | undefined {
  const [, text] = /"message"\s*:\s*"((?:[^"\\]|\\.)+)"/.exec(raw) ?? [];
  if (text === undefined) return undefined;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return undefined;
  }
}

const isProse = (text: string) => text.length <= LONGEST && !/[{}<>]|\n/.test(text) && !/^\d{3}\b/.test(text) && /\s\S+\s/.test(text);
const asSentence = (text: string) => {
  const clean = text.replace(/\s+/g, ' ').trim();
  const cut = short(clean, LONGEST);
  return /[.!?…]$/.test(cut) ? cut : `${cut}.`;
};

export function toldError(raw: string): ToldError {
  const text = raw.trim();
  if (text === '') return { sentence: 'It failed, and nothing says why.' };
  const known = KNOWN.find(([pattern]) => pattern.test(text))?.[1];
  // Words that people can read say more than ours.
  const said = isProse(text) ? text : messageIn(text);
  const sentence = said !== undefined && isProse(said) ? asSentence(said) : (known ?? asSentence(text.split('\n', 1)[0]));
  const whole = known !== undefined && !isProse(text) ? known : sentence;
  return whole.replace(/\.$/, '') === text.replace(/\.$/, '') ? { sentence: whole } : { sentence: whole, details: text };
}
