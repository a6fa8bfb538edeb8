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
    require('pi.note').brief(('%s had not been sent; yanked.'):format(require('pi.text').counted(#words, 'message')))
  end
end

--- The end of a run, as pi.ask answers it; its event may have been told more of it already.
---@param transcript pi.Transcript
---@param result pi.AskSettled
function M.settled(transcript, result)
  if not result.runId or transcript.settled ~= result.runId then
    require('pi.chat.card').write(transcript, result)
  end
end

--- What became of the edit that a tool has proposed, where there is more to say than that it is done.
---@param session? string
---@param tool_call string
---@return string?
function M.of_edit(session, tool_call)
  local edit = session and require('pi.state').edit_of_call(session, tool_call)
  if not edit or require('pi.state').is_open(edit) then
    return nil
  end
  local outcome = edit.outcome
  local reason = edit.reason and edit.reason ~= '' and (edit.status == 'rejected' or edit.status == 'partial') and (': ' .. first_line(edit.reason)) or ''
  if outcome and (outcome.applied or 0) > 0 then
    local parts = { (' ✓ applied%s, +%d −%d'):format(outcome.changedByUser and ' with your changes' or '', outcome.added, outcome.removed) }
    if (outcome.rejected or 0) > 0 then
      table.insert(parts, ('%d rejected'):format(outcome.rejected) .. reason)
    end
    return table.concat(parts, '; ')
  elseif edit.status == 'partial' then
    return ' ✓ in part'
  elseif edit.status == 'rejected' then
    return ' – rejected' .. reason
  end
end

--- How a retry goes, in one line that is written anew.
---@param event { attempt: integer, maxAttempts: integer, error: string, delayMs?: integer }
---@return string
function M.retry(event)
  local when = event.delayMs and event.delayMs >= 1000 and (' in %d s'):format(math.floor(event.delayMs / 1000 + 0.5)) or ''
  return ('*Retry %d of %d%s: %s*'):format(event.attempt, event.maxAttempts, when, (require('pi.server.failure').told(event.error)))
end

---@param attempts integer
---@param success boolean
---@param problem? string
---@return string
function M.retried(attempts, success, problem)
  local times = attempts == 1 and 'once' or ('%d times'):format(attempts)
  return ('*Retried %s, %s%s*'):format(
    times,
    success and 'then it worked' or 'in vain',
    not success and problem and ': ' .. require('pi.server.failure').told(problem) or '.'
  )
end

---@param event { tokensBefore?: integer, tokensAfter?: integer, aborted?: boolean, error?: string }
---@param running boolean
---@return string
function M.compaction(event, running)
  if running then
    return '*Compacting …*'
  elseif event.error or event.aborted then
    return ('*Not compacted: %s*'):format(event.error and first_line(event.error) or 'it was stopped.')
  end
  local from = event.tokensBefore and (', from %s'):format(require('pi.text').counted(event.tokensBefore, 'token')) or ''
  local to = event.tokensAfter and (' to %s'):format(require('pi.text').counted(event.tokensAfter, 'token')) or ''
  return ('*Compacted%s%s.*'):format(from, to)
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
  runSettled = function(transcript, event)
    -- Of a server that says no more than that it is over the answer of pi.ask says the rest.
    if event.runId and event.usage then
      transcript.settled = event.runId
      require('pi.chat.card').write(transcript, event)
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
    local outcome = M.of_edit(event.sessionId, event.toolCallId) or event.isError and (' – ' .. first_line(event.text)) or ' ✓'
    transcript:tool_ended(event.toolCallId, outcome, M.took(event.durationMs))
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
    transcript:note('retry', M.retry(event))
  end,
  retryEnded = function(transcript, event)
    transcript:note('retry', M.retried(event.attempt, event.success, event.error), true)
  end,
  compactionStarted = function(transcript, event)
    transcript:note('compaction', M.compaction(event, true))
  end,
  compactionEnded = function(transcript, event)
    transcript:note('compaction', M.compaction(event, false), true)
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
