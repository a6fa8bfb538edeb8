-- A language server inside Neovim, for files of one kind: it reports lines with "bad", and knows every word where it
-- stands first.
local M = {}

local function words(uri)
  local buf = vim.uri_to_bufnr(uri)
  local found = {}
  for row, line in ipairs(vim.api.nvim_buf_get_lines(buf, 0, -1, false)) do
    local first = line:find('%w+')
    if first then
      local word = line:match('%w+')
      local range = { start = { line = row - 1, character = first - 1 }, ['end'] = { line = row - 1, character = first - 1 + #word } }
      table.insert(found, { name = word, kind = 13, range = range, selectionRange = range })
    end
  end
  return found
end

local function publish(dispatchers, uri, text)
  local diagnostics = {}
  for row, line in ipairs(vim.split(text, '\n')) do
    local first = line:find('bad', 1, true)
    if first then
      local range = { start = { line = row - 1, character = first - 1 }, ['end'] = { line = row - 1, character = first + 2 } }
      table.insert(diagnostics, { range = range, severity = 1, source = 'fake', message = 'this is bad' })
    end
  end
  dispatchers.notification('textDocument/publishDiagnostics', { uri = uri, diagnostics = diagnostics })
end

local answers = {
  initialize = function()
    return {
      capabilities = {
        textDocumentSync = 1,
        definitionProvider = true,
        referencesProvider = true,
        hoverProvider = true,
        documentSymbolProvider = true,
        workspaceSymbolProvider = true,
      },
    }
  end,
  ['textDocument/definition'] = function(params)
    return { uri = params.textDocument.uri, range = words(params.textDocument.uri)[1].range }
  end,
  ['textDocument/references'] = function(params)
    return vim.tbl_map(function(word)
      return { uri = params.textDocument.uri, range = word.range }
    end, words(params.textDocument.uri))
  end,
  ['textDocument/hover'] = function()
    return { contents = { kind = 'markdown', value = 'a **word**' } }
  end,
  ['textDocument/documentSymbol'] = function(params)
    return words(params.textDocument.uri)
  end,
}

function M.start(buf)
  vim.lsp.start({
    name = 'fake',
    cmd = function(dispatchers)
      local closing, id = false, 0
      return {
        request = function(method, params, done)
          id = id + 1
          vim.schedule(function()
            done(nil, answers[method] and answers[method](params) or vim.NIL)
          end)
          return true, id
        end,
        notify = function(method, params)
          if method == 'textDocument/didOpen' then
            publish(dispatchers, params.textDocument.uri, params.textDocument.text)
          elseif method == 'textDocument/didChange' then
            vim.defer_fn(function()
              publish(dispatchers, params.textDocument.uri, params.contentChanges[1].text)
            end, 50)
          end
        end,
        is_closing = function()
          return closing
        end,
        terminate = function()
          closing = true
        end,
      }
    end,
  }, { bufnr = buf })
end

return M
