-- The user's own shell commands: `:Pi !make`, and `:Pi !!make` for what the model is not to read.
local note = require('pi.note')

local M = {}

--- How much of an output the chat shows while it grows.
local MOST_LINES = 200

---@param command string
---@param options? { exclude?: boolean }
---@param done? fun(problem?: string, result?: table)
function M.run(command, options, done)
  if vim.trim(command) == '' then
    return note.error('give a command: :Pi !make, or :Pi !!make to keep it from the model.')
  end
  if require('pi.config').get().chat.open then
    require('pi.chat').show()
  end
  require('pi.server.client').ready(function(client, missing)
    if not client then
      return note.error(missing --[[@as string]])
    end
    local argument = { command = command, excludeFromContext = options and options.exclude or false }
    require('pi.server.client').execute('pi.bash', argument, function(problem, result)
      if problem then
        note.error(problem)
      else
        vim.cmd('silent! checktime')
        note.brief(result.cancelled and 'stopped.' or result.exitCode == 0 and 'done.' or ('exit code %s.'):format(result.exitCode))
      end
      if done then
        done(problem, result)
      end
    end)
  end)
end

--- `:Pi !make`
---@param words string with its marks
function M.typed(words)
  local marks, command = words:match('^(!!?)%s*(.*)$')
  M.run(command, { exclude = marks == '!!' })
end

---@param entry table
---@return string
local function outcome(entry)
  if entry.error then
    return ' – ' .. entry.error:gsub('\n', ' ')
  elseif entry.cancelled then
    return ' – stopped'
  elseif entry.exitCode and entry.exitCode ~= 0 then
    return (' – exit code %d'):format(entry.exitCode)
  end
  return ' ✓'
end

---@param event pi.BashStartedEvent
---@return string
local function headline(event)
  local first = vim.trim(event.command):match('^[^\n]*')
  return ('**%s** `%s`'):format(event.excludeFromContext and '!!' or '!', (first:gsub('`', "'")))
end

---@param transcript pi.Transcript
---@param event pi.BashStartedEvent
function M.started(transcript, event)
  transcript:open_block(headline(event))
end

---@param transcript pi.Transcript
---@param event pi.BashOutputEvent
function M.output(transcript, event)
  transcript:grow_block(event.text, MOST_LINES, event.truncated, event.replacesLine)
end

---@param transcript pi.Transcript
---@param event pi.BashEndedEvent
function M.ended(transcript, event)
  transcript:close_block(outcome(event))
end

--- One of a stored conversation.
---@param transcript pi.Transcript
---@param entry table
function M.stored(transcript, entry)
  transcript:open_block(headline(entry))
  transcript:grow_block(entry.output or '', MOST_LINES)
  if entry.state ~= 'running' then
    transcript:close_block(outcome(entry))
  end
end

return M
