-- The Lua API. Everything here is what `:Pi` does, for maps and scripts of the user's own; :help pi-lua.
local M = {}

--- Not needed; for those who have their options in one place.
---@param options? pi.Options
function M.setup(options)
  require('pi.config').set(options)
  if require('pi.config').get().autostart then
    vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
      group = vim.api.nvim_create_augroup('pi.autostart', {}),
      once = true,
      callback = function(event)
        require('pi.server.client').start(event.buf)
      end,
    })
  end
end

---@param prompt string
---@param options? pi.AskOptions
---@param done? fun(problem?: string, result?: table) when the run has settled: the result of pi.ask
function M.ask(prompt, options, done)
  require('pi.ask').send(prompt, options, done)
end

---@param words string what is to be done to the lines
---@param range? { [1]: integer, [2]: integer } 1-based
function M.edit(words, range)
  require('pi.ask').edit(words, range)
end

---@param scope? "hunk"|"file"|"all"
---@param range? { [1]: integer, [2]: integer }
function M.apply(scope, range)
  require('pi.review.decide').apply(scope, range)
end

---@param scope? "hunk"|"file"|"all"
---@param reason? string
---@param range? { [1]: integer, [2]: integer }
function M.reject(scope, reason, range)
  require('pi.review.decide').reject(scope, reason, range)
end

--- A buffer for a prompt of several lines.
---@param words? string
---@param range? { [1]: integer, [2]: integer }
function M.prompt(words, range)
  require('pi.ask.draft').open(words or '', range)
end

function M.next()
  require('pi.review.navigate').go(1)
end

function M.prev()
  require('pi.review.navigate').go(-1)
end

---@param id? string of an edit
function M.review(id)
  require('pi.review').open(id)
end

---@param words string
---@param range? { [1]: integer, [2]: integer }
function M.remark(words, range)
  return require('pi.review.remarks').add(words, range)
end

function M.chat()
  require('pi.chat').toggle()
end

function M.answer()
  require('pi.questions').answer()
end

---@param name? string provider/id; without it the user is asked
function M.model(name)
  require('pi.session.choices').model(name or '')
end

---@param level? string
function M.thinking(level)
  require('pi.session.choices').thinking(level or '')
end

---@param mode? string
function M.mode(mode)
  require('pi.session.choices').mode(mode or '')
end

---@param folder? string
function M.new(folder)
  require('pi.session.sessions').new(folder)
end

function M.stop()
  require('pi.session.runs').stop()
end

--- A shell command of the user's; with `exclude` the model does not read of it.
---@param command string
---@param options? { exclude?: boolean }
---@param done? fun(problem?: string, result?: table)
function M.shell(command, options, done)
  require('pi.chat.shell').run(command, options, done)
end

function M.queue()
  require('pi.ask.queue').open('', false)
end

function M.undo()
  require('pi.session.runs').undo(false)
end

function M.restart()
  require('pi.session.runs').restart()
end

--- Any command of the server, docs/protocol.md.
---@param command pi.CommandName
---@param argument? table
---@param done? fun(problem?: string, result?: table)
function M.execute(command, argument, done)
  require('pi.server.client').execute(command, argument, done)
end

---@return pi.Edit[] what waits for a decision
function M.edits()
  return require('pi.state').open_edits()
end

--- What the status line shows, as a table.
function M.status()
  return require('pi.statusline').data()
end

---@return string for 'statusline'
function M.statusline()
  return require('pi.statusline').text()
end

return M
