-- What the user's other language servers know, for Pi: `pi/editor/*` of docs/protocol.md.
local M = {}

local LIMIT_MS = 12000

--- The buffer of a file, loaded and attached to whatever serves its filetype, without being shown.
---@param uri string
---@return integer? buf
function M.buffer(uri)
  local buf = vim.uri_to_bufnr(uri)
  if not vim.api.nvim_buf_is_loaded(buf) then
    if vim.fn.filereadable(vim.uri_to_fname(uri)) == 0 or require('pi.edit.buffer').load(uri) then
      return nil
    end
  end
  if vim.bo[buf].filetype == '' then
    local filetype = vim.filetype.match({ buf = buf })
    if filetype then
      vim.api.nvim_buf_call(buf, function()
        vim.bo[buf].filetype = filetype
      end)
    end
  end
  return buf
end

---@param method string
---@param buf? integer
---@return vim.lsp.Client[] the others' clients that answer this
local function servers(method, buf)
  return vim.tbl_filter(function(client)
    return client.name ~= require('pi.server.client').name
      and client.initialized ~= nil
      and require('pi.server.client').call(client, 'supports_method', method, vim.fn.has('nvim-0.11') == 1 and buf or { bufnr = buf })
  end, vim.lsp.get_clients({ bufnr = buf }))
end

--- A server that has just been started for the buffer is waited for.
---@param method string
---@param buf? integer
---@param done fun(clients: vim.lsp.Client[])
local function when_there(method, buf, done)
  local tries = 0
  local function look()
    local found = servers(method, buf)
    local starting = vim.iter(vim.lsp.get_clients({ bufnr = buf })):any(function(client)
      return not client.initialized
    end)
    tries = tries + 1
    if #found > 0 or not starting or tries > 80 then
      return done(found)
    end
    vim.defer_fn(look, 100)
  end
  look()
end

--- Asks all of them and gives what came, at the latest after a while.
---@param method string
---@param buf? integer
---@param params fun(client: vim.lsp.Client): table
---@param done fun(answers?: { client: vim.lsp.Client, result: any }[]) nothing: nobody could be asked
local function ask(method, buf, params, done)
  when_there(method, buf, function(clients)
    local answers, open, over = {}, #clients, false
    local function finish()
      if not over then
        over = true
        done(#clients > 0 and answers or nil)
      end
    end
    for _, client in ipairs(clients) do
      local sent = require('pi.server.client').call(client, 'request', method, params(client), function(failure, result)
        if not failure and result and result ~= vim.NIL then
          table.insert(answers, { client = client, result = result })
        end
        open = open - 1
        if open == 0 then
          finish()
        end
      end, buf)
      open = sent and open or open - 1
    end
    if open <= 0 then
      return finish()
    end
    vim.defer_fn(finish, LIMIT_MS)
  end)
end

---@return string
local function own_encoding()
  local client = require('pi.server.client').get()
  return client and client.offset_encoding or 'utf-16'
end

--- From one server's counting of characters to another's, where the text is at hand.
---@param uri string
---@param position lsp.Position
---@param from string
---@param to string
---@return lsp.Position
local function recount(uri, position, from, to)
  if from == to or position.character == 0 then
    return position
  end
  local buf = vim.uri_to_bufnr(uri)
  if not vim.api.nvim_buf_is_loaded(buf) then
    return position
  end
  local line = vim.api.nvim_buf_get_lines(buf, position.line, position.line + 1, false)[1] or ''
  local ok, bytes = pcall(vim.lsp.util._get_line_byte_from_position, buf, position, from)
  if not ok then
    return position
  end
  local character = to == 'utf-8' and bytes or vim.fn.strutf16len(line:sub(1, bytes))
  return { line = position.line, character = character }
end

---@param uri string
---@param range lsp.Range
---@param from string
---@return lsp.Range
local function recounted(uri, range, from)
  local to = own_encoding()
  return { start = recount(uri, range.start, from, to), ['end'] = recount(uri, range['end'], from, to) }
end

---@param params { uri: string, position: lsp.Position }
---@return fun(client: vim.lsp.Client): table
local function at(params)
  return function(client)
    return {
      textDocument = { uri = params.uri },
      position = recount(params.uri, params.position, own_encoding(), client.offset_encoding),
      context = { includeDeclaration = true },
    }
  end
end

---@param method "textDocument/definition"|"textDocument/references"
---@param params { uri: string, position: lsp.Position }
---@param done fun(result?: { locations: { uri: string, range: lsp.Range }[] })
function M.locations(method, params, done)
  local buf = M.buffer(params.uri)
  if not buf then
    return done(nil)
  end
  ask(method, buf, at(params), function(answers)
    local locations, seen = {}, {}
    for _, answer in ipairs(answers or {}) do
      local list = vim.islist(answer.result) and answer.result or { answer.result }
      for _, one in ipairs(list) do
        local uri = one.uri or one.targetUri
        local range = one.range or one.targetSelectionRange
        local key = ('%s %d %d'):format(uri, range.start.line, range.start.character)
        if not seen[key] then
          seen[key] = true
          table.insert(locations, { uri = uri, range = recounted(uri, range, answer.client.offset_encoding) })
        end
      end
    end
    done(answers and { locations = locations } or nil)
  end)
end

---@param params { uri: string, position: lsp.Position }
---@param done fun(result?: { text: string })
function M.hover(params, done)
  local buf = M.buffer(params.uri)
  if not buf then
    return done(nil)
  end
  ask('textDocument/hover', buf, at(params), function(answers)
    local texts = {}
    for _, answer in ipairs(answers or {}) do
      local lines = vim.lsp.util.convert_input_to_markdown_lines(answer.result.contents)
      local text = vim.trim(table.concat(lines, '\n'))
      if text ~= '' then
        table.insert(texts, text)
      end
    end
    done(#texts > 0 and { text = table.concat(texts, '\n\n') } or nil)
  end)
end

--- A tree of symbols as a list, in its order.
---@param symbols table[]
---@param uri string
---@param encoding string
---@param found table[]
---@param container? string
local function flatten(symbols, uri, encoding, found, container)
  for _, symbol in ipairs(symbols) do
    local place = symbol.location and symbol.location.uri or uri
    local range = symbol.range or symbol.location.range
    table.insert(found, {
      name = symbol.name,
      kind = symbol.kind,
      uri = place,
      range = range and recounted(place, range, encoding) or { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } },
      container = container or symbol.containerName,
    })
    flatten(symbol.children or {}, uri, encoding, found, symbol.name)
  end
end

---@param params { uri?: string, query?: string }
---@param done fun(result?: { symbols: table[] })
function M.symbols(params, done)
  local buf = params.uri and M.buffer(params.uri) or nil
  if params.uri and not buf then
    return done(nil)
  end
  local method = params.uri and 'textDocument/documentSymbol' or 'workspace/symbol'
  ask(method, buf, function()
    return params.uri and { textDocument = { uri = params.uri } } or { query = params.query }
  end, function(answers)
    local found = {}
    for _, answer in ipairs(answers or {}) do
      flatten(answer.result, params.uri, answer.client.offset_encoding, found)
    end
    done(answers and { symbols = found } or nil)
  end)
end

return M
