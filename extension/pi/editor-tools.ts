// What the user's editor knows about the code, as tools for the model. Loaded behind the gate, and only for an
// editor that answers such questions; nothing here changes anything. server/Server/Editor/EditorKnowledge.cs is the other half.

import type { ExtensionAPI } from "@earendil-works/pi-coding-agent";
import { ask, executionOf } from "./channel.ts";

const text = (description: string) => ({ type: "string", description });
const path = text("Path of the file, relative to the working directory or absolute");
const place = {
  type: "object",
  properties: {
    path,
    line: { type: "integer", minimum: 1, description: "Line of the file, counted from 1" },
    symbol: text("The symbol as it is written in that line"),
  },
  required: ["path", "line", "symbol"],
};

const tools = [
  {
    name: "diagnostics",
    description: "Errors and warnings that the user's editor shows: of one file, or of all files it knows. Needs no build.",
    promptSnippet: "See the editor's errors and warnings, without a build",
    promptGuidelines: ["After editing a file, look at its problems with diagnostics before you run a build or tests."],
    parameters: { type: "object", properties: { path } },
  },
  {
    name: "definition",
    description: "Where a symbol is defined, as the user's editor knows it.",
    promptSnippet: "Find where a symbol is defined",
    parameters: place,
  },
  {
    name: "references",
    description: "Everywhere a symbol is used, its definition included, as the user's editor knows it. More exact than a search for its name.",
    promptSnippet: "Find every use of a symbol",
    parameters: place,
  },
  {
    name: "hover",
    description: "Type, signature and documentation of a symbol, as the user's editor shows them.",
    promptSnippet: "See a symbol's type and documentation",
    parameters: place,
  },
  {
    name: "symbols",
    description: "The symbols of one file (path), or those of the workspace whose name fits (query).",
    promptSnippet: "List the symbols of a file, or find symbols by name",
    parameters: { type: "object", properties: { path, query: text("A name, or a part of it") } },
  },
];

export default function editorTools(pi: ExtensionAPI): void {
  const nonce = process.env.PILSP_GATE_NONCE ?? "";
  if (nonce === "") return;
  // Not while loading: another extension may have a tool of the same name, and Pi would not start with two.
  pi.on("session_start", () => {
    const taken = new Set(pi.getAllTools().map((tool) => tool.name));
    for (const tool of tools) {
      if (taken.has(tool.name)) continue;
      pi.registerTool({
        ...tool,
        label: tool.name,
        parameters: tool.parameters as any,
        async execute(toolCallId, input, signal, _onUpdate, ctx) {
          const answer = await ask(ctx, nonce, "editor", { toolCallId, execution: executionOf(input), tool: tool.name, input }, signal);
          if (typeof answer.text !== "string") throw new Error(answer.error?.message ?? "The editor could not answer.");
          return { content: [{ type: "text", text: answer.text }], details: undefined };
        },
      });
    }
  });
}
