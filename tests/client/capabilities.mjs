/** What the neutral client announces when a test says nothing else. @param {string[]} encodings */
export function standardCapabilities(encodings) {
  return {
    general: { positionEncodings: encodings },
    workspace: {
      applyEdit: true,
      workspaceEdit: { documentChanges: true, resourceOperations: ['create'], failureHandling: 'abort' },
      configuration: true,
      didChangeConfiguration: { dynamicRegistration: false },
      workspaceFolders: true,
      executeCommand: { dynamicRegistration: false },
      codeLens: { refreshSupport: true },
    },
    textDocument: {
      synchronization: { dynamicRegistration: false, didSave: true },
      codeAction: {
        isPreferredSupport: true,
        dataSupport: true,
        codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix', 'refactor', 'source'] } },
      },
      codeLens: {},
      publishDiagnostics: { versionSupport: true },
    },
    window: { workDoneProgress: true, showMessage: { messageActionItem: { additionalPropertiesSupport: false } }, showDocument: { support: true } },
  };
}

/** Objects are merged, everything else replaces; null takes away. */
export function overlay(base, over) {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete result[key];
    else if (isObject(value) && isObject(result[key])) result[key] = overlay(result[key], value);
    else result[key] = value;
  }
  return result;
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
