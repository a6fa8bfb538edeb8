import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page of the view. It may load its script, its style and nothing else, and talk to nobody but the extension. */
export function page(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const at = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at('chat.css')}">
<title>Pi</title>
</head>
<body>
<script nonce="${nonce}" src="${at('chat.js')}"></script>
</body>
</html>`;
}
