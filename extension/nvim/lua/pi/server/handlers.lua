-- The server's notifications and requests, as handlers of this client alone: no other server's are touched.
local M = {}

--- Takes the next document that the server shows, once, instead of a window.
---@type fun(uri: string)?
M.take_document = nil

--- Runs something that answers later, in the coroutine in which Neovim calls a handler for a request.
---@param start fun(done: fun(value: any))
---@return any
local function await(start)
  local co = assert(coroutine.running(), 'a request of the server is handled in a coroutine')
  local answered, suspended, value = false, false, nil
  start(function(given)
    if answered then
      return
    end
    answered, value = true, given
    if suspended then
      coroutine.resume(co)
    end
  end)
  if not answered then
    suspended = true
    coroutine.yield()
  end
  return value
end

---@param value any
---@return any value what is sent as `null`, where it is nothing
local function or_null(value)
  if value == nil then
    return vim.NIL
  end
  return value
end

--- JSON's null as Lua's nothing: some versions of Neovim hand out vim.NIL.
---@param value any
---@return any
function M.plain(value)
  if value == vim.NIL then
    return nil
  elseif type(value) ~= 'table' then
    return value
  end
  local plain = {}
  for key, one in pairs(value) do
    plain[key] = M.plain(one)
  end
  return plain
end

---@return table<string, lsp.Handler>
function M.table()
  local handlers = M.raw()
  for method, handler in pairs(handlers) do
    handlers[method] = function(failure, params, context)
      return handler(failure, M.plain(params), context)
    end
  end
  return handlers
end

---@return table<string, lsp.Handler>
function M.raw()
  return {
    ['workspace/applyEdit'] = function(_, params, context)
      local client = assert(vim.lsp.get_client_by_id(context.client_id))
      return require('pi.edit.apply').apply(params, client.offset_encoding)
    end,
    ['workspace/configuration'] = function(_, params, context)
      local client = vim.lsp.get_client_by_id(context.client_id)
      local settings = vim.tbl_deep_extend('force', require('pi.server.connection').settings(), vim.tbl_get(client or {}, 'settings', 'pi') or {})
      return vim.tbl_map(function(item)
        return item.section == 'pi' and settings or vim.NIL
      end, params.items)
    end,
    -- Open hunks are shown by our own marks.
    ['textDocument/publishDiagnostics'] = function() end,
    ['window/showMessage'] = function(_, params)
      local say = ({ 'error', 'warn' })[params.type] or 'info'
      local text = params.message:gsub('^Pi: ', '')
      if vim.api.nvim_get_mode().mode == 'n' then
        return require('pi.note')[say](text)
      end
      require('pi.note').brief(text, ({ vim.log.levels.ERROR, vim.log.levels.WARN })[params.type])
    end,
    ['window/logMessage'] = function() end,
    ['window/showDocument'] = function(failure, params, context)
      local take = M.take_document
      M.take_document = nil
      if take then
        take(params.uri)
        return { success = true }
      end
      return vim.lsp.handlers['window/showDocument'](failure, params, context)
    end,
    ['window/showMessageRequest'] = function(_, params)
      return await(function(done)
        require('pi.questions').message(params, done)
      end)
    end,
    ['pi/edits'] = function(_, params)
      M.edits(params)
    end,
    ['pi/event'] = function(_, params)
      M.event(params)
    end,
    ['pi/status'] = function(_, params)
      require('pi.state').set_status(params)
    end,
    ['pi/confirm'] = function(_, params)
      return await(function(done)
        require('pi.questions.confirm').ask(params, done)
      end)
    end,
    ['pi/pick'] = function(_, params)
      return or_null(await(function(done)
        require('pi.questions.pick').pick(params, done)
      end))
    end,
    ['pi/input'] = function(_, params)
      return or_null(await(function(done)
        require('pi.questions.pick').input(params, done)
      end))
    end,
    ['pi/save'] = function(_, params)
      require('pi.edit.save').save(params.uris)
      return vim.NIL
    end,
    ['pi/editor/diagnostics'] = function(_, params)
      return or_null(await(function(done)
        require('pi.knowledge.diagnostics').answer(params, done)
      end))
    end,
    ['pi/editor/definition'] = function(_, params)
      return or_null(await(function(done)
        require('pi.knowledge.editor').locations('textDocument/definition', params, done)
      end))
    end,
    ['pi/editor/references'] = function(_, params)
      return or_null(await(function(done)
        require('pi.knowledge.editor').locations('textDocument/references', params, done)
      end))
    end,
    ['pi/editor/hover'] = function(_, params)
      return or_null(await(function(done)
        require('pi.knowledge.editor').hover(params, done)
      end))
    end,
    ['pi/editor/symbols'] = function(_, params)
      return or_null(await(function(done)
        require('pi.knowledge.editor').symbols(params, done)
      end))
    end,
  }
end

---@param params { sessionId: string, edits: pi.Edit[] }
function M.edits(params)
  local fresh = require('pi.state').set_edits(params.sessionId, params.edits)
  require('pi.review.marks').refresh()
  require('pi.review').refresh()
  require('pi.review.navigate').proceed()
  require('pi.review.standin').refresh()
  require('pi.chat').decided(params.sessionId, params.edits)
  for _, edit in ipairs(fresh) do
    require('pi.chat').proposed(edit)
  end
  require('pi.review.arrivals').add(fresh)
end

---@param event pi.SessionEvent
function M.event(event)
  local state = require('pi.state')
  if event.type == 'runStarted' then
    state.set_running(event.sessionId, true)
  elseif event.type == 'runSettled' then
    state.set_running(event.sessionId, false)
    if event.undoable then
      state.undoable[event.sessionId] = event.runId
    end
    require('pi.questions').withdraw(function(params)
      return params.sessionId == event.sessionId
    end)
  elseif event.type == 'queueChanged' then
    state.set_queue(event.sessionId, { steering = event.steering or {}, followUp = event.followUp or {} })
    require('pi.ask.queue').refresh(event.sessionId)
  elseif event.type == 'toolEnded' then
    -- The question whether it may run is answered, by whatever.
    require('pi.questions').withdraw(function(params)
      return params.sessionId == event.sessionId and params.toolCallId == event.toolCallId
    end)
  end
  require('pi.chat').event(event)
  require('pi.chat.extensions').event(event)
end

return M
