-- A block of code in a conversation: `:Pi run` puts one for a shell into a terminal, for the user to look at and send.
local note = require('pi.note')

local M = {}

local SHELLS = { sh = true, bash = true, zsh = true, fish = true, shell = true, console = true, terminal = true }

--- A line stands in a new terminal, and is not sent.
---@param line string
function M.type_in_terminal(line)
  vim.cmd('botright 12split')
  vim.cmd.enew()
  local sent = false
  local options = {
    -- When the shell has said something: before, the line would be shown twice.
    on_stdout = function(job)
      if not sent then
        sent = true
        vim.fn.chansend(job, line)
      end
    end,
  }
  if vim.fn.has('nvim-0.11') == 1 then
    vim.fn.jobstart({ vim.o.shell }, vim.tbl_extend('error', options, { term = true }))
  else
    vim.fn.termopen({ vim.o.shell }, options)
  end
  vim.cmd.startinsert()
end

---@param lines string[]
---@param row integer 1-based
---@return string? language
---@return string[]? block
function M.at(lines, row)
  local fence, language, first
  for number, line in ipairs(lines) do
    local mark, rest = line:match('^%s*(```+)%s*(%S*)')
    if mark and not fence then
      fence, language, first = mark, rest, number
    elseif mark and rest == '' and #mark >= #fence then
      if row >= first and row <= number then
        return language, vim.list_slice(lines, first + 1, number - 1)
      end
      fence = nil
    end
  end
end

--- `:Pi run`
function M.run()
  local language, block = M.at(vim.api.nvim_buf_get_lines(0, 0, -1, false), vim.api.nvim_win_get_cursor(0)[1])
  if not block then
    return note.error('there is no block of code here.')
  elseif not SHELLS[language] then
    return note.error(('this block is not for a shell, but %s.'):format(language ~= '' and language or 'of no language that is named'))
  end
  local commands = vim.tbl_map(
    function(line)
      return (line:gsub('^%s*%$ ', ''))
    end,
    vim.tbl_filter(function(line)
      return vim.trim(line) ~= ''
    end, block)
  )
  if #commands == 1 then
    return M.type_in_terminal(commands[1])
  end
  -- A shell would run each line as it comes.
  vim.fn.setreg('"', table.concat(commands, '\n'))
  note.info(('yanked: %s. :terminal opens a shell for them.'):format(require('pi.text').counted(#commands, 'command')))
end

return M
