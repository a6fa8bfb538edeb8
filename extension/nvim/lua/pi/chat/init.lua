-- The chat: one transcript for each session, one window for them all.
local M = {}

---@type table<string, pi.Transcript> by session; '' is the one before there is a session
local transcripts = {}
---@type string
local current = ''
--- Prompts that were sent and whose run has not begun; the first one is sent before there is a session.
---@type { prompt: string, session?: string }[]
local sent = {}
--- Of conversations that are being read from the server: what is to be written behind it.
---@type table<string, { seq?: integer, write: fun() }[]>
local later = {}

---@param session? string
---@return pi.Transcript
function M.transcript(session)
  session = session or current
  local transcript = transcripts[session]
  if transcript and transcript:is_valid() then
    return transcript
  end
  local was_there = transcript ~= nil
  -- The first session goes on with what was written before it had a name.
  if session ~= '' and current == '' and transcripts[''] and transcripts['']:is_valid() then
    transcript = transcripts['']
    transcripts[''] = nil
    current = session
  else
    if transcript then
      pcall(vim.api.nvim_buf_delete, transcript.buf, { force = true })
    end
    transcript = require('pi.chat.transcript').new('pi://chat' .. (session ~= '' and '/' .. session or ''))
  end
  transcripts[session] = transcript
  transcript.session = session ~= '' and session or nil
  if was_there and session ~= '' and require('pi.server.client').get() then
    M.fill(session)
  end
  return transcript
end

--- Shows the chat in this tab, without going there.
---@return integer? win
function M.show()
  return require('pi.chat.window').show(M.transcript().buf)
end

--- Where no prompt can be sent the chat says so at its end.
function M.tell_availability()
  -- Until something is said in it the first session is not the current one yet.
  local transcript = transcripts[current] or transcripts[require('pi.state').status.sessionId or '']
  if transcript and transcript:is_valid() then
    require('pi.chat.advice').show(transcript.buf)
  end
end

--- Whoever asks from inside the chat, or from the prompt beside it, wants to see what comes.
function M.follow()
  local name = vim.api.nvim_buf_get_name(0)
  local win = (name == 'pi://prompt' or vim.startswith(name, 'pi://chat')) and require('pi.chat.window').find()
  if win then
    vim.api.nvim_win_set_cursor(win, { vim.api.nvim_buf_line_count(vim.api.nvim_win_get_buf(win)), 0 })
  end
end

--- `:Pi chat`: goes there, or back and away; with a bang all of the conversation is read.
---@param all? boolean
function M.toggle(all)
  if all then
    local shown = M.show()
    if shown then
      vim.api.nvim_set_current_win(shown)
    end
    if current ~= '' then
      M.fill(current, true)
    end
    return
  end
  local win = require('pi.chat.window').find()
  if win and win == vim.api.nvim_get_current_win() and #vim.api.nvim_tabpage_list_wins(0) > 1 then
    return vim.api.nvim_win_close(win, true)
  end
  win = M.show()
  if win then
    vim.api.nvim_set_current_win(win)
  end
  -- Whoever comes here wants to ask: he hears now whether he can.
  local known = require('pi.state').status.availability
  if win and (not known or known.state == 'unknown') then
    require('pi.server.client').execute('pi.checkAvailability', {}, function() end)
  end
end

--- Another conversation is the current one.
---@param session string
function M.switch(session)
  if session ~= current then
    M.transcript(session)
    current = session
    require('pi.chat.window').turn_to(M.transcript().buf)
  end
end

--- Fills in what was said before, where nothing is shown of that session; what is said meanwhile comes behind it.
---@param session string
---@param all? boolean from its very beginning, in place of what is shown
function M.fill(session, all)
  local waiting = {}
  later[session] = waiting
  local function filled(problem, result)
    if later[session] ~= waiting then
      return
    end
    later[session] = nil
    local transcript = M.transcript(session)
    local told = 0
    if not problem and all then
      transcript:clear()
    end
    if not problem and transcript:is_empty() then
      require('pi.chat.history').write(transcript, result.entries, result.more, session)
      told = result.seq or 0
    end
    for _, one in ipairs(waiting) do
      if not one.seq or one.seq > told then
        one.write()
      end
    end
  end
  require('pi.server.client').execute('pi.getTranscript', { sessionId = session }, function(problem, result)
    if problem or not all then
      return filled(problem, result)
    end
    require('pi.chat.history').read_before(session, result, function(whole)
      filled(nil, whole)
    end)
  end)
end

--- Writes now, or behind what is being read.
---@param session string
---@param write fun(transcript: pi.Transcript)
---@param seq? integer of an event
local function in_order(session, write, seq)
  local transcript = M.transcript(session)
  if not later[session] then
    return write(transcript)
  end
  table.insert(later[session], {
    seq = seq,
    write = function()
      write(M.transcript(session))
    end,
  })
end

--- Goes to another conversation.
---@param session string
function M.load(session)
  M.switch(session)
  M.fill(session)
end

---@param prompt string
---@param running boolean it goes into a run that is under way
function M.asked(prompt, running)
  if running then
    in_order(current, function(transcript)
      transcript:section('You', prompt)
    end)
  else
    table.insert(sent, { prompt = prompt, session = require('pi.state').status.sessionId })
  end
end

--- The prompt with which a run of this session has begun; nothing of one that was begun otherwise.
---@param session string
---@return string?
function M.take_sent(session)
  for index, one in ipairs(sent) do
    if not one.session or one.session == session then
      table.remove(sent, index)
      return one.prompt
    end
  end
end

--- A prompt was answered or refused without a run of its own.
---@param prompt string
---@param words string
---@param refused boolean
function M.without_run(prompt, words, refused)
  local was_sent = false
  for index, one in ipairs(sent) do
    if one.prompt == prompt then
      table.remove(sent, index)
      was_sent = true
      break
    end
  end
  in_order(current, function(transcript)
    if was_sent then
      transcript:section('You', prompt)
    end
    transcript:paragraph(refused and { '**' .. words:gsub('\n', ' ') .. '**' } or vim.split(words, '\n', { plain = true }))
  end)
  M.tell_availability()
end

---@param result pi.AskSettled
function M.settled(result)
  in_order(result.sessionId, function(transcript)
    require('pi.chat.events').settled(transcript, result)
  end)
end

--- Said in the current conversation, once there is one.
---@param words string
function M.remark(words)
  local transcript = transcripts[current]
  if transcript and transcript:is_valid() and not transcript:is_empty() then
    in_order(current, function(one)
      one:paragraph({ '*' .. require('pi.shown').name(words) .. '*' })
    end)
  end
end

--- Edits were decided, or it is known now what has landed of them.
---@param session string
---@param edits pi.ToldEdit[]
function M.decided(session, edits)
  local transcript = transcripts[session]
  if not transcript or not transcript:is_valid() then
    return
  end
  for _, edit in ipairs(edits) do
    local outcome = transcript.ended[edit.toolCallId] and require('pi.chat.events').of_edit(session, edit.toolCallId)
    if outcome then
      transcript:tool_outcome(edit.toolCallId, outcome)
    end
  end
end

---@param edit pi.Edit
function M.proposed(edit)
  in_order(edit.sessionId, function(transcript)
    -- The line of its tool says it.
    if not transcript.tools[edit.toolCallId] then
      transcript:add({ '- proposes a change of ' .. require('pi.review.proposal').path(edit.uri) }, 'lines')
    end
  end)
end

--- The server is gone. The next one counts its sessions anew, so that none of these is one of its.
function M.lost()
  for _, transcript in pairs(transcripts) do
    if transcript:is_valid() and not transcript:is_empty() then
      transcript:paragraph({ '*The server has ended.*' })
      transcript:retire()
    end
  end
  sent, later, transcripts, current = {}, {}, {}, ''
end

---@param event pi.SessionEvent
function M.event(event)
  if (event.type == 'runStarted' or event.type == 'bashStarted') and current == '' then
    M.switch(event.sessionId)
  end
  local write = require('pi.chat.events').write[event.type]
  if write then
    in_order(event.sessionId, function(transcript)
      write(transcript, event)
    end, event.seq)
  end
  -- It stands at the end, wherever that is by now.
  if require('pi.server.availability').problem() then
    M.tell_availability()
  end
end

return M
