-- May a tool run? All of what it would do is shown before it can be allowed.
local M = {}

--- All of a text, in a window of its own.
---@param name string
---@param text string
---@return integer win
local function open_whole(name, text)
  local buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, vim.split(text, '\n', { plain = true }))
  vim.bo[buf].modifiable = false
  vim.bo[buf].bufhidden = 'wipe'
  vim.cmd('botright split')
  local win = vim.api.nvim_get_current_win()
  vim.api.nvim_win_set_buf(win, buf)
  vim.wo[win].wrap = true
  vim.wo[win].winbar = ' What Pi wants to run (' .. name:gsub('%%', '%%%%') .. '): q closes it and asks again, or :Pi answer'
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buf, nowait = true, desc = 'Close, and decide' })
  return win
end

---@param params pi.ConfirmParams
---@param done fun(answer: table)
function M.ask(params, done)
  local reject = { { label = 'Reject', answer = { allow = false } }, { label = 'Reject, and say why', answer = { allow = false }, ask = 'Why not? ' } }
  local items = vim.list_extend({ { label = 'Allow', answer = { allow = true } } }, reject)
  local staged = ''
  if (params.stagedEdits or 0) > 0 then
    staged = ('\n%s would not be seen by it.'):format(require('pi.text').counted(params.stagedEdits, 'staged edit'))
    table.insert(items, 1, { label = 'Apply edits, then allow', answer = { allow = true, landFirst = true } })
  elseif params.always then
    table.insert(items, { label = 'Always allow: ' .. require('pi.shown').name(params.always), answer = { allow = true, always = true } })
  end
  local shown = require('pi.shown')
  local tool = shown.name(params.tool)
  local what = shown.text(params.brief or params.what)
  local wants = ('Pi wants to %s%s'):format(params.private and '' or 'run ', tool)
  local question = {
    params = params,
    prompt = ('%s:\n%s%s'):format(wants, what, staged),
    items = items,
    refusal = vim.empty_dict(),
    done = done,
  }
  if params.isWhole == false then
    -- Nothing is allowed by what was not shown.
    local review = { label = 'Review: open all of it', review = true }
    question.prompt = ('%s; you can allow it when you have seen all of it:\n%s%s'):format(wants, what, staged)
    question.items = vim.list_extend({ review }, reject)
    function review.show()
      question.reading = open_whole(tool, shown.text(params.what))
      question.prompt = ('%s, all of which you were shown:\n%s%s'):format(wants, what, staged)
      question.items = items
    end
  end
  require('pi.questions').add(question)
end

return M
