-- Questions that come from a run: whether a tool may run, what an extension of Pi wants to know. They wait in a queue and
-- open when the user does nothing else, or on `:Pi answer`: never a window over somebody's typing. One whose list is left
-- is put aside: the server keeps it open and asks again on `:Pi answer`; `:Pi! answer` rejects it.
local M = {}

---@class pi.Question
---@field params table what the server asked with
---@field prompt string
---@field items? { label: string, answer?: table, ask?: string, review?: boolean }[] `ask`: a text is asked for and becomes the reason
---@field show? fun(answered: fun(answer: any), field: pi.Field) asks in its own way, instead of `items`
---@field refusal? any the answer when it is dismissed or withdrawn
---@field once? boolean left unanswered it is over: it is no question of a run
---@field quiet? boolean what it is about has been said already
---@field done fun(answer: any)
---@field over? boolean answered or withdrawn
---@field reading? integer the window in which the user reads all of it: no question opens over that by itself

---@type pi.Question[]
local queue = {}
---@type pi.Question?
local showing
--- What it is shown in.
local field = require('pi.questions.field').new()
---@type uv.uv_timer_t?
local timer
local last_key = 0
local watch = vim.api.nvim_create_namespace('pi.keys')

local function now()
  return vim.uv.now()
end

---@return boolean
local function is_idle()
  local mode = vim.api.nvim_get_mode()
  if mode.blocking or mode.mode ~= 'n' or vim.fn.getcmdwintype() ~= '' then
    return false
  end
  return now() - last_key >= require('pi.config').get().quiet_ms
end

--- What becomes of the next question that the server asks again: shown at once, or answered.
---@type { answer?: fun(question: pi.Question): any }?
local wanted

local function stop_watching()
  if timer then
    timer:close()
    timer = nil
    vim.on_key(nil, watch)
  end
end

local function start_watching()
  if timer or require('pi.config').get().questions == 'command' then
    return
  end
  -- What was typed before is not known: the quiet time begins now.
  last_key = now()
  vim.on_key(function()
    last_key = now()
  end, watch)
  timer = assert(vim.uv.new_timer())
  timer:start(100, 100, function()
    vim.schedule(function()
      local reading = queue[1] and queue[1].reading
      if timer and not showing and not (reading and vim.api.nvim_win_is_valid(reading)) and is_idle() then
        M.show()
      end
    end)
  end)
end

local function counted()
  require('pi.state').set_questions(#queue)
  if #queue == 0 then
    stop_watching()
  end
end

---@param question pi.Question
---@param answer any
local function finish(question, answer)
  if question.over then
    return
  end
  question.over = true
  queue = vim.tbl_filter(function(one)
    return one ~= question
  end, queue)
  counted()
  question.done(answer)
end

--- The server keeps it, however long that takes.
---@param question pi.Question
local function put_aside(question)
  finish(question, { later = true })
  require('pi.note').brief('answer later: nothing is decided yet. :Pi answer asks again, :Pi! answer rejects it.')
end

--- Opens the oldest question.
---@return boolean shown false: none waits
function M.show()
  local question = queue[1]
  if showing or not question then
    return showing ~= nil
  end
  showing = question
  local function answered(answer)
    showing = nil
    -- The next one does not open under the same key.
    last_key = now()
    if answer == nil and not question.once then
      return put_aside(question)
    end
    finish(question, answer)
  end
  if question.show then
    question.show(answered, field)
    return true
  end
  field:select(question.items, {
    prompt = question.prompt,
    kind = 'pi.question',
    format_item = function(item)
      return item.label
    end,
  }, function(item)
    if item and item.review then
      showing = nil
      last_key = now()
      return item.show()
    end
    if not item then
      return answered(question.once and question.refusal or nil)
    elseif not item.ask then
      return answered(item.answer)
    end
    field:input({ prompt = item.ask }, function(reason)
      -- Who leaves the field has decided nothing.
      answered(reason and vim.tbl_extend('force', item.answer, { reason = reason ~= '' and reason or nil }) or nil)
    end)
  end)
  return true
end

--- The question on the screen has no object any more.
local function close_shown()
  if showing then
    showing = nil
    field:close()
    require('pi.note').brief('the question is not open any more.')
  end
end

---@param question pi.Question
function M.add(question)
  local now_wanted = not question.once and wanted or nil
  if now_wanted then
    wanted = nil
  end
  table.insert(queue, question)
  counted()
  if now_wanted and now_wanted.answer then
    return finish(question, now_wanted.answer(question))
  elseif now_wanted and not showing then
    start_watching()
    M.show()
    return
  end
  if not question.quiet then
    require('pi.note').brief('a question waits (:Pi answer): ' .. question.prompt)
  end
  start_watching()
end

---@param params { message: string, actions?: { title: string }[] }
---@param done fun(answer: any)
function M.message(params, done)
  local items = vim.tbl_map(function(action)
    return { label = action.title, answer = action }
  end, params.actions or {})
  if #items == 0 then
    require('pi.note').brief(params.message)
    return done(vim.NIL)
  end
  M.add({ params = {}, prompt = require('pi.shown').text(params.message), items = items, refusal = vim.NIL, once = true, done = done })
end

--- How many the server keeps for later.
---@return integer
local function put_asides()
  return require('pi.state').status.putAside or 0
end

--- Has the server ask again what was put aside.
---@param answer? fun(question: pi.Question): any instead of showing the first one
local function ask_again(answer)
  wanted = { answer = answer }
  require('pi.server.commands').run('pi.askAgain', {}, function(result)
    if (result.asked or 0) == 0 then
      wanted = nil
      require('pi.note').info('no question is open.')
    end
  end)
end

--- A question of this session whether a tool may run, or one that was put aside, to be rejected with words.
---@param session? string
---@return { what: string, reject: fun(reason: string) }?
function M.waiting(session)
  local question = vim.iter(queue):find(function(one)
    return one.params.tool ~= nil and (not session or one.params.sessionId == session)
  end)
  local function rejected(reason)
    return { allow = false, reason = reason }
  end
  if question then
    return {
      what = require('pi.shown').name(question.params.tool),
      reject = function(reason)
        if question == showing then
          showing = nil
          field:close()
        end
        finish(question, rejected(reason))
      end,
    }
  end
  return put_asides() > 0
      and {
        what = 'what was put aside',
        reject = function(reason)
          ask_again(function(one)
            return one.params.tool and rejected(reason) or one.refusal
          end)
        end,
      }
    or nil
end

--- Withdraws questions that have no object any more.
---@param concerns fun(params: table): boolean
function M.withdraw(concerns)
  for _, question in ipairs(vim.list_extend({}, queue)) do
    if concerns(question.params) then
      if question == showing then
        close_shown()
      end
      finish(question, question.refusal)
    end
  end
end

--- The server is gone: nobody waits for an answer.
function M.drop()
  for _, question in ipairs(queue) do
    question.over = true
  end
  queue, wanted = {}, nil
  close_shown()
  counted()
end

--- `:Pi answer`: goes to the question that is open, opens one whose window went away without an answer, and has the server
--- ask again what was put aside. With a bang it is rejected.
---@param reject? boolean
function M.answer(reject)
  local question = showing or queue[1]
  -- What was put aside a moment ago is in no status yet: the server is asked.
  if not question and require('pi.server.client').get() then
    return ask_again(reject and function(one)
      require('pi.note').info('rejected.')
      return one.refusal
    end or nil)
  elseif reject and question then
    if question == showing then
      showing = nil
      field:close()
    end
    finish(question, question.refusal)
    return require('pi.note').info('rejected.')
  elseif not reject and showing and field:focus() then
    return
  end
  field:close()
  showing = nil
  if reject or not M.show() then
    require('pi.note').info('no question is open.')
  end
end

return M
