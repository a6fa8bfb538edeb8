// The wire to the extension, checked in both directions; and what VS Code keeps of the view while it is hidden.
import { maybe, check, list, type Of, record, text } from '../shape.ts';
import type { ToHost } from '../messages/toHost.ts';
import { type ToView, toView } from '../messages/toView.ts';

interface CodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): CodeApi;

const kept = record({ draft: maybe(text()), history: maybe(list(text())) });
export type Kept = Of<typeof kept>;

const api = acquireVsCodeApi();

export const post = (message: ToHost): void => api.postMessage(message);

export function onMessage(handle: (message: ToView) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = check(toView, event.data, 'message');
    if ('value' in message) handle(message.value);
    else {
      console.error(`A message of the extension was not understood: ${message.problem}`);
      post({ type: 'ready' });
    }
  });
}

export function recall(): Kept {
  const state = check(kept, api.getState() ?? {}, 'state');
  return 'value' in state ? state.value : {};
}

export const keep = (state: Kept): void => api.setState(state);
