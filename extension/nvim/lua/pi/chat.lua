-- The chat: one transcript for each session, one window for them all.
local M = {}

---@type table<string, pi.Transcript> by session; '' is the one before there is a session
local transcripts = {}
---@type string
local current = ''
--- Prompts that were sent and whose run has not begun; the first one is sent before there is a session.
---@type { prompt: string, session?: string }[]
local sent = {}

---@param session? string
---@return pi.Transcript
function M.transcript(session)
  session = session or current
  local transcript = transcripts[session]
  if transcript and transcript:is_valid() then
    return transcript
  end
  -- The first session goes on with what was written before it had a name.
  if session ~= '' and current == '' and transcripts[''] and transcripts['']:is_valid() then
    transcript = transcripts['']
    transcripts[''] = nil
  else
    transcript = require('pi.transcript').new('pi://chat' .. (session ~= '' and '/' .. session or ''))
  end
  transcripts[session] = transcript
  return transcript
end

--- Shows the chat in this tab, without going there.
---@return integer? win
function M.show()
  return require('pi.chatwindow').show(M.transcript().buf)
end

--- `:Pi chat`: goes there, or back and away.
function M.toggle()
  local win = require('pi.chatwindow').find()
  if win and win == vim.api.nvim_get_current_win() and #vim.api.nvim_tabpage_list_wins(0) > 1 then
    return vim.api.nvim_win_close(win, true)
  end
  win = M.show()
  if win then
    vim.api.nvim_set_current_win(win)
  end
end

--- Another conversation is the current one.
---@param session string
function M.switch(session)
  if session ~= current then
    M.transcript(session)
    current = session
    require('pi.chatwindow').turn_to(M.transcript().buf)
  end
end

--- Fills in what was said before, where nothing is shown of that session yet.
---@param session string
function M.load(session)
  M.switch(session)
  require('pi.client').execute('pi.getTranscript', { sessionId = session }, function(problem, result)
    local transcript = M.transcript(session)
    if not problem and transcript:is_empty() then
      require('pi.history').write(transcript, result.entries, result.more)
    end
  end)
end

---@param prompt string
---@param running boolean it goes into a run that is under way
function M.asked(prompt, running)
  if running then
    M.transcript():section('You', prompt)
  else
    table.insert(sent, { prompt = prompt, session = require('pi.state').status.sessionId })
  end
end

--- A prompt was answered or refused without a run of its own.
---@param prompt string
---@param words string
---@param refused boolean
function M.without_run(prompt, words, refused)
  for index, one in ipairs(sent) do
    if one.prompt == prompt then
      table.remove(sent, index)
      M.transcript():section('You', prompt)
      break
    end
  end
  local lines = refused and { '**' .. words:gsub('\n', ' ') .. '**' } or vim.split(words, '\n', { plain = true })
  M.transcript():add(lines, 'text')
end

---@param result table of pi.ask
function M.settled(result)
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
    M.transcript(result.sessionId):add({ '**' .. result.error:gsub('\n', ' ') .. '**' }, 'text')
  end
  if #parts > 0 then
    M.transcript(result.sessionId):add({ '*' .. table.concat(parts, ' · ') .. '*' }, 'text')
  end
end

---@param edit pi.Edit
function M.proposed(edit)
  local transcript = M.transcript(edit.sessionId)
  if transcript.tools[edit.toolCallId] then
    return
  end
  transcript:add({ '- proposes a change of ' .. require('pi.proposal').path(edit.uri) }, 'lines')
end

--- The server is gone.
function M.lost()
  sent = {}
  if transcripts[current] and transcripts[current]:is_valid() and not transcripts[current]:is_empty() then
    M.transcript():add({ '*The server has ended.*' }, 'text')
  end
end

---@param text? string
---@return string
local function first_line(text)
  local line = vim.trim(text or ''):match('^[^\n]*') or ''
  return vim.fn.strchars(line) > 120 and vim.fn.strcharpart(line, 0, 119) .. '…' or line
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

---@type table<string, fun(transcript: pi.Transcript, event: table)>
local write = {
  runStarted = function(transcript, event)
    for index, one in ipairs(sent) do
      if not one.session or one.session == event.sessionId then
        table.remove(sent, index)
        transcript:section('You', one.prompt)
        return transcript:section('Pi')
      end
    end
    -- Begun by a code action: nobody has opened the chat for it, and the words come with the next event.
    transcript.unnamed = true
    if require('pi.config').get().chat.open then
      M.show()
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
  messageCompleted = function(transcript)
    transcript.block = transcript.block == 'lines' and 'lines' or nil
  end,
  toolStarted = function(transcript, event)
    transcript:tool(event.toolCallId, M.tool_line(event.tool, event.title))
  end,
  toolEnded = function(transcript, event)
    local outcome = event.isError and (' – ' .. first_line(event.text)) or ' ✓'
    if require('pi.state').outcome(event.sessionId, event.toolCallId) == 'partial' then
      outcome = ' ✓ in part'
    end
    transcript:tool_ended(event.toolCallId, outcome)
  end,
  bashStarted = function(transcript, event)
    require('pi.shell').started(transcript, event)
  end,
  bashOutput = function(transcript, event)
    require('pi.shell').output(transcript, event)
  end,
  bashEnded = function(transcript, event)
    require('pi.shell').ended(transcript, event)
  end,
  retryScheduled = function(transcript, event)
    transcript:add({ ('*Try %d of %d follows: %s*'):format(event.attempt, event.maxAttempts, first_line(event.error)) }, 'text')
  end,
  compactionStarted = function(transcript)
    transcript:add({ '*The conversation is being summarized.*' }, 'text')
  end,
  queueRestored = function(_, event)
    M.restored(event)
  end,
  notice = function(transcript, event)
    transcript:add({ '*' .. first_line(event.text) .. '*' }, 'text')
    if event.level ~= 'info' then
      require('pi.note').brief(event.text, event.level == 'error' and vim.log.levels.ERROR or vim.log.levels.WARN)
    end
  end,
}

---@param event table of `pi/event`
function M.event(event)
  if (event.type == 'runStarted' or event.type == 'bashStarted') and current == '' then
    M.switch(event.sessionId)
  end
  local handle = write[event.type]
  if handle then
    handle(M.transcript(event.sessionId), event)
  end
end

return M
