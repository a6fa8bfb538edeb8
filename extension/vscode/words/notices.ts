import * as vscode from 'vscode';
import { forNotification } from './shown.ts';

/** Every notification goes this way: words of a model, names of files, errors of others are in them, and nothing in these may hide. */
type Show = typeof vscode.window.showInformationMessage;

const through =
  (show: () => Show): Show =>
  (message: string, ...rest: unknown[]) =>
    (show() as (message: string, ...rest: unknown[]) => Thenable<never>)(forNotification(message), ...rest);

export const inform = through(() => vscode.window.showInformationMessage);
export const warn = through(() => vscode.window.showWarningMessage);
export const fail = through(() => vscode.window.showErrorMessage);
