-- What each event of a run writes into its chat.
local M = {}

---@param text? string
---@return string
local function first_line(text)
  local line = vim.trim(text or ''):match('^[^\n]*') or ''
  return vim.fn.strchars(line) > 120 and vim.fn.strcharpart(line, 0, 119) .. '…' or line
end

---@param tool string
---@param title? string
---@return string
function M.tool_line(tool, title)
  local what = first_line(title)
  if vim.startswith(what, tool) then
    what = what:sub(#tool + 1):gsub('^:%s*', '')
  end
  return ('**%s**%s'):format(tool, what ~= '' and ' `' .. what:gsub('`', "'") .. '`' or '')
end

--- How long a tool has run, where that is worth a word.
---@param ms? integer
---@return string
function M.took(ms)
  return ms and ms >= 1000 and (' (%.1f s)'):format(ms / 1000) or ''
end

--- Messages that a stopped run had not taken up; told by an event and by the answer to the stop, whichever comes first.
---@param given { steering?: string[], followUp?: string[] }
function M.restored(given)
  local words = vim.list_extend(vim.list_extend({}, given.steering or {}), given.followUp or {})
  local text = table.concat(words, '\n')
  if #words > 0 and vim.fn.getreg('"') ~= text then
    vim.fn.setreg('"', text)
    require('pi.note').brief(('%d message%s had not been sent; yanked.'):format(#words, #words == 1 and '' or 's'))
  end
end

--- The end of a run, as pi.ask answers it.
---@param transcript pi.Transcript
---@param result pi.AskSettled
function M.settled(transcript, result)
  local usage = result.usage or {}
  local parts = {}
  if result.stopReason ~= 'stop' then
    table.insert(parts, result.stopReason)
  end
  if (usage.totalTokens or 0) > 0 then
    table.insert(parts, ('%d tokens'):format(usage.totalTokens))
  end
  if (usage.cost or 0) >= 0.0001 then
    table.insert(parts, ('$%.4f'):format(usage.cost))
  end
  if result.error then
    transcript:paragraph({ '**' .. result.error:gsub('\n', ' ') .. '**' })
  end
  if #parts > 0 then
    transcript:paragraph({ '*' .. table.concat(parts, ' · ') .. '*' })
  end
end

---@type table<string, fun(transcript: pi.Transcript, event: table)>
M.write = {
  runStarted = function(transcript, event)
    local prompt = require('pi.chat').take_sent(event.sessionId)
    if prompt then
      transcript:section('You', prompt)
      return transcript:section('Pi')
    end
    -- Begun by a code action: nobody has opened the chat for it, and the words come with the next event.
    transcript.unnamed = true
    if require('pi.config').get().chat.open then
      require('pi.chat').show()
    end
  end,
  userMessage = function(transcript, event)
    if transcript.unnamed then
      transcript.unnamed = nil
      transcript:section('You', vim.trim((event.text:gsub('\n\n<editor>.*$', ''))))
      transcript:section('Pi')
    end
  end,
  textDelta = function(transcript, event)
    transcript:stream('text', event.text)
  end,
  thinkingDelta = function(transcript, event)
    if require('pi.config').get().chat.thinking then
      transcript:stream('thinking', event.text)
    end
  end,
  messageCompleted = function(transcript, event)
    transcript.block = transcript.block == 'lines' and 'lines' or nil
    transcript:answered(event)
  end,
  toolStarted = function(transcript, event)
    transcript:tool(event.toolCallId, M.tool_line(event.tool, event.title), event.parentToolCallId)
  end,
  toolEnded = function(transcript, event)
    local outcome = event.isError and (' – ' .. first_line(event.text)) or ' ✓'
    if require('pi.state').outcome(event.sessionId, event.toolCallId) == 'partial' then
      outcome = ' ✓ in part'
    end
    transcript:tool_ended(event.toolCallId, outcome .. M.took(event.durationMs))
  end,
  bashStarted = function(transcript, event)
    require('pi.chat.shell').started(transcript, event)
  end,
  bashOutput = function(transcript, event)
    require('pi.chat.shell').output(transcript, event)
  end,
  bashEnded = function(transcript, event)
    require('pi.chat.shell').ended(transcript, event)
  end,
  retryScheduled = function(transcript, event)
    transcript:paragraph({ ('*Try %d of %d follows: %s*'):format(event.attempt, event.maxAttempts, first_line(event.error)) })
  end,
  compactionStarted = function(transcript)
    transcript:paragraph({ '*The conversation is being summarized.*' })
  end,
  queueRestored = function(_, event)
    M.restored(event)
  end,
  notice = function(transcript, event)
    transcript:paragraph({ '*' .. first_line(event.text) .. '*' })
    if event.level ~= 'info' then
      require('pi.note').brief(event.text, event.level == 'error' and vim.log.levels.ERROR or vim.log.levels.WARN)
    end
  end,
}

return M
