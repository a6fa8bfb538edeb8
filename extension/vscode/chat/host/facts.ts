// What the server says of itself and of Pi, as far as the view shows it. Pure.
import type { ServerState } from '../../server/hub.ts';
import { setupSteps, setupTitle } from '../../status/nextSteps.ts';
import { problemOf } from '../../status/problems.ts';
import { nextStep, usage } from '../messages/pi.ts';
import { check, list, maybe, number, type Of, orNull, record, text } from '../shape.ts';
import type { Chip, Chrome } from '../messages/chrome.ts';
import type { Conversation } from '../model/conversation.ts';

const status = record({
  state: maybe(text()),
  problem: maybe(text()),
  sessionId: maybe(text()),
  sessionFile: maybe(text()),
  model: maybe(text()),
  thinking: maybe(text()),
  context: maybe(record({ tokens: orNull(number), window: orNull(number), percent: orNull(number) })),
  usage: maybe(usage),
  putAside: maybe(number),
  availability: maybe(record({ state: text(), message: maybe(text()), advice: maybe(text()), next: maybe(list(nextStep)), tried: maybe(list(text())) })),
});

export type Facts = Partial<Of<typeof status>>;

export function factsOf(told: unknown, warn: (problem: string) => void): Facts {
  const facts = check(status, told ?? {}, 'pi/status');
  if ('value' in facts) return facts.value;
  warn(facts.problem);
  return {};
}

export interface Around {
  server: ServerState;
  mode: Chrome['mode'] | undefined;
  trusted: boolean;
  folder: string | null;
  conversation: Conversation;
  last: Chrome['last'];
  colors: Chrome['colors'];
  chips: Chip[];
}

/** What stands around the conversation. */
export function chromeOf(facts: Facts, { server, mode, trusted, folder, conversation, last, colors, chips }: Around): Chrome {
  const { model, thinking, context, availability, problem, putAside, usage: used } = facts;
  const inTheWay = availability?.message ? problemOf(availability) : null;
  return {
    server,
    problem: problem ?? inTheWay,
    model: model ?? null,
    thinking: thinking ?? conversation.thinkingLevel,
    mode: mode ?? 'ask',
    restricted: !trusted,
    folder,
    context: typeof context?.percent === 'number' ? { percent: context.percent, tokens: context.tokens, window: context.window } : null,
    usage: used ?? null,
    last: conversation.items.length === 0 ? last : null,
    chips,
    setup: setupOf(availability),
    colors,
    putAside: putAside ?? 0,
  };
}

function setupOf(availability: Facts['availability']): Chrome['setup'] {
  const title = availability && setupTitle(availability.state);
  if (availability === undefined || title === undefined) return null;
  const { state, message, advice, next, tried } = availability;
  return { title, message: message ?? '', advice: advice ?? null, steps: setupSteps({ state, next }), tried: tried ?? [] };
}
