-- What Pi's extensions show: texts and a title in the status line, widgets below the end of the chat, words for the next
-- prompt.
local M = {}

local ns = vim.api.nvim_create_namespace('pi.extensions')

---@type table<string, { texts: table<string, string>, title?: string, widgets: table<string, string[]> }> by session
local shown = {}
---@type string?
local prompt

---@param session string
local function of(session)
  shown[session] = shown[session] or { texts = {}, widgets = {} }
  return shown[session]
end

---@type table<string, fun(session: string, event: table)>
local take = {
  statusLineChanged = function(session, event)
    of(session).texts[event.key] = event.text
  end,
  titleChanged = function(session, event)
    of(session).title = event.title ~= '' and event.title or nil
  end,
  widgetChanged = function(session, event)
    of(session).widgets[event.key] = event.lines
  end,
  promptTextSet = function(_, event)
    prompt = event.text ~= '' and event.text or nil
    if prompt then
      require('pi.note').brief('an extension has words for the next :Pi ask.')
    end
  end,
}

--- Keeps the widgets at the chat's end.
---@param buf integer
---@param session string
local function draw(buf, session)
  local lines, widgets = {}, shown[session].widgets
  local keys = vim.tbl_keys(widgets)
  table.sort(keys)
  for _, key in ipairs(keys) do
    for _, line in ipairs(widgets[key]) do
      table.insert(lines, { { line, 'PiNote' } })
    end
  end
  vim.api.nvim_buf_clear_namespace(buf, ns, 0, -1)
  if #lines > 0 then
    vim.api.nvim_buf_set_extmark(buf, ns, vim.api.nvim_buf_line_count(buf) - 1, 0, { virt_lines = lines })
  end
end

--- Behind the chat, which the event may have made longer.
---@param event pi.SessionEvent
function M.event(event)
  local handle = take[event.type]
  if handle then
    handle(event.sessionId, event)
    vim.api.nvim_exec_autocmds('User', { pattern = 'PiStatus', modeline = false })
    vim.cmd.redrawstatus({ bang = true })
  end
  local session = shown[event.sessionId]
  if session and (next(session.widgets) or event.type == 'widgetChanged') then
    draw(require('pi.chat').transcript(event.sessionId).buf, event.sessionId)
  end
end

---@return string[] of the current session, the title first
function M.texts()
  local session = shown[require('pi.state').status.sessionId or '']
  if not session then
    return {}
  end
  local texts, keys = { session.title }, vim.tbl_keys(session.texts)
  table.sort(keys)
  for _, key in ipairs(keys) do
    table.insert(texts, session.texts[key])
  end
  return texts
end

--- Once.
---@return string?
function M.take_prompt()
  local words = prompt
  prompt = nil
  return words
end

function M.lost()
  shown = {}
end

return M
