-- Words that the user gives while Pi may be at work: what they are is asked then.
local note = require('pi.note')

local M = {}

--- Sends it, or, while Pi is at work, asks what it is: a word into the run, the next prompt, or the reason why something that
--- waits is rejected. One that is left without an answer is yanked.
---@param words string
---@param options pi.AskOptions
---@param done? fun(problem?: string, result?: table)
function M.words(words, options, done)
  local state = require('pi.state')
  if not state.is_current_running() or options.deliver == 'followUp' then
    return require('pi.ask').send(words, options, done)
  end
  local choices = {}
  local edits = vim.tbl_filter(function(edit)
    return edit.status == 'open' and edit.sessionId == (state.status.sessionId or edit.sessionId)
  end, state.open_edits())
  local question = require('pi.questions').waiting(state.status.sessionId)
  if #edits > 0 then
    local what = #edits == 1 and 'the change to ' .. require('pi.review.proposal').path(edits[1].uri) or ('all %d edits that wait'):format(#edits)
    table.insert(choices, {
      label = ('Reject %s, and give this as the reason'):format(what),
      run = function()
        require('pi.review.decide').reject_edits(edits, words)
      end,
    })
  end
  if question then
    table.insert(choices, {
      label = ('Reject %s, and give this as the reason'):format(question.what),
      run = function()
        question.reject(words)
      end,
    })
  end
  if #choices == 0 and options.deliver == 'steer' then
    return require('pi.ask').send(words, options, done)
  end
  local function into(deliver)
    return function()
      require('pi.ask').send(words, vim.tbl_extend('force', options, { deliver = deliver }), done)
    end
  end
  local after = #choices > 0 and 'after your decision' or 'before its next turn'
  vim.list_extend(choices, {
    { label = ('Steer: Pi reads it %s'):format(after), run = into('steer') },
    { label = 'Follow up: it is asked when the run has ended', run = into('followUp') },
  })
  vim.ui.select(choices, {
    prompt = 'Pi is at work. What is this?',
    kind = 'pi',
    format_item = function(choice)
      return choice.label
    end,
  }, function(choice)
    if choice then
      return choice.run()
    end
    vim.fn.setreg('"', words)
    note.info('not sent; yanked.')
    if done then
      done('not sent')
    end
  end)
end

return M
