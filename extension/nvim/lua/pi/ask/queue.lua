-- What waits until Pi takes it up, as a buffer: a message begins with `steer` or `follow`, its further lines with a tab.
local note = require('pi.note')

local M = {}

local NAME = 'pi://queue'
local IDLE = 'Pi is not at work, so nothing is queued. :Pi ask asks at once.'

---@class pi.Queue
---@field steering string[]
---@field followUp string[]

---@class pi.QueueView
---@field buf integer
---@field session string
---@field shown pi.Queue what the buffer was made from

---@type pi.QueueView?
local view

---@param queue pi.Queue
---@return string[]
local function lines_of(queue)
  local lines = {}
  for _, kind in ipairs({ { 'steer ', queue.steering }, { 'follow ', queue.followUp } }) do
    for _, text in ipairs(kind[2]) do
      vim.list_extend(lines, vim.split(kind[1] .. text:gsub('\n', '\n\t'), '\n', { plain = true }))
    end
  end
  return lines
end

---@param lines string[]
---@return pi.Queue? queue
---@return string? problem
local function parse(lines)
  local queue, list = { steering = {}, followUp = {} }, nil
  for number, line in ipairs(lines) do
    local kind, text = line:match('^(%l+) (.*)$')
    if list and #list > 0 and vim.startswith(line, '\t') then
      list[#list] = list[#list] .. '\n' .. line:sub(2)
    elseif kind == 'steer' or kind == 'follow' then
      list = kind == 'steer' and queue.steering or queue.followUp
      table.insert(list, text)
    elseif vim.trim(line) ~= '' then
      return nil, ('line %d begins no message ("steer …", "follow …"), and without a tab it continues none.'):format(number)
    end
  end
  -- An empty message would be refused, and with it the others.
  for _, texts in pairs(queue) do
    for index = #texts, 1, -1 do
      if vim.trim(texts[index]) == '' then
        table.remove(texts, index)
      end
    end
  end
  return queue
end

---@param queue pi.Queue
local function fill(queue)
  local current = assert(view)
  current.shown = vim.deepcopy(queue)
  require('pi.text').set_lines(current.buf, #lines_of(queue) > 0 and lines_of(queue) or { '' })
  vim.bo[current.buf].modified = false
end

---@param texts pi.Queue
---@param what string
local function yank(texts, what)
  local all = vim.list_extend(vim.list_extend({}, texts.steering or {}), texts.followUp or {})
  if #all > 0 then
    vim.fn.setreg('"', table.concat(all, '\n'))
    note.info(('%s %s; yanked.'):format(require('pi.text').counted(#all, 'message'), what))
  end
end

---@param force boolean
local function write(force)
  local state, current = require('pi.state'), assert(view)
  local queue, problem = parse(vim.api.nvim_buf_get_lines(current.buf, 0, -1, false))
  if not queue then
    return note.error(problem --[[@as string]])
  elseif not state.is_running(current.session) then
    return note.error(IDLE)
  elseif not force and not vim.deep_equal(state.queue(current.session), current.shown) then
    return note.error('what waits is another by now. :Pi! queue shows it in place of this, :w! sets this all the same.')
  end
  local argument = { steering = queue.steering, followUp = queue.followUp, sessionId = current.session }
  local tick = vim.api.nvim_buf_get_changedtick(current.buf)
  require('pi.server.commands').run('pi.setQueue', argument, function(result)
    yank(result.removed or {}, 'will not be sent')
    if view == current and vim.api.nvim_buf_is_valid(current.buf) then
      current.shown = { steering = result.steering, followUp = result.followUp }
      if vim.api.nvim_buf_get_changedtick(current.buf) == tick then
        fill(current.shown)
      end
    end
  end)
end

---@param session string
local function open(session)
  local buf = vim.api.nvim_create_buf(false, false)
  view = { buf = buf, session = session, shown = { steering = {}, followUp = {} } }
  vim.api.nvim_buf_set_name(buf, NAME)
  vim.bo[buf].buftype, vim.bo[buf].bufhidden, vim.bo[buf].swapfile = 'acwrite', 'wipe', false
  vim.api.nvim_create_autocmd('BufWriteCmd', {
    buffer = buf,
    callback = function()
      write(vim.v.cmdbang == 1)
    end,
  })
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buf,
    callback = function()
      view = nil
    end,
  })
  vim.cmd('botright 6split')
  vim.api.nvim_win_set_buf(0, buf)
  vim.wo.winfixheight = true
  note.brief('what waits for Pi: change it and :w, delete lines to take messages out.')
end

--- `:Pi queue [clear]`
---@param words string
---@param force boolean what the user has changed in the buffer goes
function M.open(words, force)
  local state = require('pi.state')
  local session = state.status.sessionId
  if words ~= '' and words ~= 'clear' then
    return note.error(('"%s" is nothing that can be done with the queue: clear.'):format(words))
  elseif not session or not state.is_running(session) then
    return note.info(IDLE)
  elseif words == 'clear' then
    return require('pi.server.commands').run('pi.clearQueue', { sessionId = session }, function(taken)
      if #taken.steering + #taken.followUp == 0 then
        return note.info('nothing waits.')
      end
      yank(taken, 'will not be sent')
    end)
  end
  if not view then
    open(session)
  else
    local win = vim.fn.win_findbuf(view.buf)[1]
    if win then
      vim.api.nvim_set_current_win(win)
    end
  end
  if view and (force or not vim.bo[view.buf].modified) then
    view.session = session
    fill(state.queue(session))
  end
end

--- It has changed; what the user has written is left alone.
---@param session string
function M.refresh(session)
  if view and view.session == session and vim.api.nvim_buf_is_valid(view.buf) and not vim.bo[view.buf].modified then
    fill(require('pi.state').queue(session))
  end
end

return M
