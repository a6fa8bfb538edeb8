import type { CommandName, Commands } from '../../protocol.ts';
import type { Hub } from '../../server/hub.ts';
import { check, type Shape } from '../shape.ts';

/** Runs a command of the server and gives its answer in the wanted shape. Rejects with a sentence for the user. */
export type Run = <C extends CommandName, T>(command: C, argument: Commands[C]['argument'], shape: Shape<T>) => Promise<T>;

export function runner(hub: Hub): Run {
  return async (command, argument, shape) => {
    const answer = check(shape, await hub.run(command, argument), command);
    if ('value' in answer) return answer.value;
    throw new Error(`The server's answer to ${command} was not understood: ${answer.problem}.`);
  };
}
