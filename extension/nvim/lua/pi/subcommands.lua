-- What `:Pi` can do: each subcommand with what it takes.
local note = require('pi.note')

---@class pi.Call
---@field words string what stands behind the subcommand
---@field range? { [1]: integer, [2]: integer } 1-based lines, if any were given
---@field bang boolean

---@class pi.Subcommand
---@field run fun(call: pi.Call)
---@field complete? fun(lead: string, words: string): string[]
---@field prompt? boolean all of its words are completed, not only the first
---@field range? boolean it takes lines
---@field bang? boolean `:Pi!` means something
---@field words? boolean it takes words

local scopes = { 'file', 'all', 'hunk' }

---@param words string
---@return "hunk"|"file"|"all" scope
---@return string rest
local function scope_of(words)
  local first, rest = words:match('^(%S+)%s*(.*)$')
  if vim.list_contains(scopes, first) then
    return first, rest
  end
  return 'hunk', words
end

---@return string[]
local function list_scopes()
  return scopes
end

---@param lead string
---@param words string
---@return string[]
local function complete_prompt(lead, words)
  return require('pi.ask.complete').words(lead, words)
end

--- One without words, and one with; their modules are loaded when they are called.
---@param module string
---@param name string
---@return pi.Subcommand
local function plain(module, name)
  return {
    run = function()
      require('pi.' .. module)[name]()
    end,
  }
end

---@param module string
---@param name string
---@return pi.Subcommand
local function worded(module, name)
  return {
    words = true,
    run = function(call)
      require('pi.' .. module)[name](call.words)
    end,
  }
end

---@type table<string, pi.Subcommand>
return {
  ask = {
    words = true,
    range = true,
    prompt = true,
    complete = complete_prompt,
    run = function(call)
      require('pi.ask').with_words(call.words, 'Ask Pi: ', { range = call.range })
    end,
  },
  edit = {
    words = true,
    range = true,
    prompt = true,
    complete = complete_prompt,
    run = function(call)
      require('pi.ask').edit(call.words, call.range)
    end,
  },
  steer = {
    words = true,
    range = true,
    prompt = true,
    complete = complete_prompt,
    run = function(call)
      require('pi.ask').with_words(call.words, 'Tell Pi now: ', { range = call.range, deliver = 'steer' })
    end,
  },
  follow = {
    words = true,
    range = true,
    prompt = true,
    complete = complete_prompt,
    run = function(call)
      require('pi.ask').with_words(call.words, 'Ask Pi afterwards: ', { range = call.range, deliver = 'followUp' })
    end,
  },
  prompt = {
    words = true,
    range = true,
    prompt = true,
    complete = complete_prompt,
    run = function(call)
      require('pi.ask.draft').open(call.words, call.range)
    end,
  },
  attach = {
    words = true,
    range = true,
    prompt = true,
    complete = function(lead, words)
      if words:match('^file%s') then
        return vim.fn.getcompletion(lead, 'file')
      end
      return words == lead and require('pi.ask.attachments').kinds or {}
    end,
    run = function(call)
      require('pi.ask.attachments').attach(call.words, call.range)
    end,
  },
  queue = {
    words = true,
    bang = true,
    complete = function()
      return { 'clear' }
    end,
    run = function(call)
      require('pi.ask.queue').open(call.words, call.bang)
    end,
  },
  apply = {
    words = true,
    range = true,
    complete = list_scopes,
    run = function(call)
      local scope, rest = scope_of(call.words)
      if rest ~= '' then
        return note.error(('"%s" is nothing that can be applied: hunk, file or all.'):format(rest))
      end
      require('pi.review.decide').apply(scope, call.range)
    end,
  },
  reject = {
    words = true,
    range = true,
    complete = list_scopes,
    run = function(call)
      local scope, reason = scope_of(call.words)
      require('pi.review.decide').reject(scope, reason, call.range)
    end,
  },
  next = {
    run = function()
      require('pi.review.navigate').go(1)
    end,
  },
  prev = {
    run = function()
      require('pi.review.navigate').go(-1)
    end,
  },
  changes = plain('review.navigate', 'list'),
  review = {
    bang = true,
    run = function(call)
      require('pi.review').open(nil, call.bang)
    end,
  },
  remark = {
    words = true,
    range = true,
    run = function(call)
      if call.words ~= '' then
        return require('pi.review.remarks').add(call.words, call.range)
      end
      vim.ui.input({ prompt = 'Remark for Pi: ' }, function(words)
        if words and vim.trim(words) ~= '' then
          require('pi.review.remarks').add(words, call.range)
        end
      end)
    end,
  },
  chat = {
    bang = true,
    run = function(call)
      require('pi.chat').toggle(call.bang)
    end,
  },
  answer = {
    bang = true,
    run = function(call)
      require('pi.questions').answer(call.bang)
    end,
  },
  model = {
    words = true,
    complete = function()
      return require('pi.session.choices').model_names()
    end,
    run = function(call)
      require('pi.session.choices').model(call.words)
    end,
  },
  thinking = {
    words = true,
    complete = function()
      return require('pi.session.choices').levels()
    end,
    run = function(call)
      require('pi.session.choices').thinking(call.words)
    end,
  },
  mode = {
    words = true,
    complete = function()
      return vim.tbl_map(function(mode)
        return mode.name
      end, require('pi.session.choices').modes)
    end,
    run = function(call)
      require('pi.session.choices').mode(call.words)
    end,
  },
  providers = plain('session.providers', 'list'),
  login = {
    words = true,
    complete = function()
      return require('pi.session.providers').names()
    end,
    run = function(call)
      require('pi.session.providers').login(call.words)
    end,
  },
  key = {
    words = true,
    complete = function()
      return require('pi.session.providers').names()
    end,
    run = function(call)
      require('pi.session.providers').key(call.words)
    end,
  },
  logout = {
    words = true,
    complete = function()
      return require('pi.session.providers').names()
    end,
    run = function(call)
      require('pi.session.providers').logout(call.words)
    end,
  },
  run = plain('chat.block', 'run'),
  new = worded('session.sessions', 'new'),
  sessions = plain('session.sessions', 'pick'),
  resume = plain('session.sessions', 'pick'),
  rename = worded('session.sessions', 'rename'),
  delete = plain('session.sessions', 'delete'),
  fork = plain('session.sessions', 'fork'),
  clone = plain('session.sessions', 'clone'),
  export = vim.tbl_extend('error', worded('session.sessions', 'export'), {
    complete = function(lead)
      return vim.fn.getcompletion(lead, 'file')
    end,
  }),
  terminal = plain('session.sessions', 'terminal'),
  compact = worded('session.runs', 'compact'),
  stop = plain('session.runs', 'stop'),
  undo = {
    bang = true,
    run = function(call)
      require('pi.session.runs').undo(call.bang)
    end,
  },
  status = plain('session.runs', 'status'),
  setup = plain('server.availability', 'setup'),
  retry = plain('ask', 'retry'),
  allowances = plain('session.choices', 'allowances'),
  check = plain('server.availability', 'check'),
  log = {
    run = function()
      local path = require('pi.server.program').log_file()
      if vim.fn.filereadable(path) == 0 then
        return note.info(('there is no log yet (%s).'):format(path))
      end
      vim.cmd.split(vim.fn.fnameescape(path))
      vim.bo.autoread = true
      vim.cmd('normal! G')
    end,
  },
  restart = plain('session.runs', 'restart'),
}
