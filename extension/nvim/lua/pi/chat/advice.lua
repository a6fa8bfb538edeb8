-- Where no prompt can be sent: why, and what can be done, at the end of the chat.
local M = {}

local ns = vim.api.nvim_create_namespace('pi.advice')

---@param buf integer
function M.show(buf)
  vim.api.nvim_buf_clear_namespace(buf, ns, 0, -1)
  local availability = require('pi.server.availability')
  local problem = availability.problem()
  if not problem then
    return
  end
  local function line(text, group)
    return { { (require('pi.shown').name(text)), group } }
  end
  local lines = { line('', 'PiNote'), line('Pi cannot be asked yet', 'PiClash') }
  for _, one in ipairs(vim.split(problem, '\n', { plain = true })) do
    table.insert(lines, line(one, 'PiNote'))
  end
  for _, step in ipairs(availability.steps()) do
    table.insert(lines, { { '  ' .. require('pi.shown').name(step.command), 'PiSign' }, { '  ' .. step.label, 'PiNote' } })
  end
  vim.api.nvim_buf_set_extmark(buf, ns, vim.api.nvim_buf_line_count(buf) - 1, 0, { virt_lines = lines })
end

return M
