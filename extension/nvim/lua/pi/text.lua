-- Texts as the server has them, and lines as Neovim has them.
local M = {}

--- A number with what it counts: "1 change", "3 changes".
---@param count integer
---@param what string
---@return string
function M.counted(count, what)
  return ('%d %s%s'):format(count, what, count == 1 and '' or 's')
end

--- Without the last line end, which is no line of its own.
---@param text string
---@param dos? boolean the lines end with CR LF
---@return string[] lines
---@return boolean eol whether the last line has an end
function M.lines(text, dos)
  local lines = vim.split(text, '\n', { plain = true })
  local eol = #lines > 1 and lines[#lines] == ''
  if eol then
    table.remove(lines)
  end
  if dos then
    for index, line in ipairs(lines) do
      lines[index] = line:gsub('\r$', '')
    end
  end
  return lines, eol
end

---@param text string
---@return integer
function M.count(text)
  if text == '' then
    return 0
  end
  local _, ends = text:gsub('\n', '')
  return text:sub(-1) == '\n' and ends or ends + 1
end

--- The whole buffer as the server would have it.
---@param buf integer
---@return string
function M.of_buffer(buf)
  local ending = vim.bo[buf].fileformat == 'dos' and '\r\n' or '\n'
  local text = table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), ending)
  return vim.bo[buf].eol and text .. ending or text
end

---@param lines string[]
---@return string
local function joined(lines)
  return #lines == 0 and '' or table.concat(lines, '\n') .. '\n'
end

--- Where two lists of lines differ, as vim.diff gives it: {start, count, start, count}, 1-based.
---@param old string[]
---@param new string[]
---@return integer[][]
function M.differences(old, new)
  return vim.diff(joined(old), joined(new), { result_type = 'indices' }) --[[@as integer[][] ]]
end

--- Makes a buffer have these lines, touching only those that differ: the cursor stays where it is.
---@param buf integer
---@param lines string[]
function M.set_lines(buf, lines)
  local old = vim.api.nvim_buf_get_lines(buf, 0, -1, false)
  local changes = M.differences(old, lines)
  for index = #changes, 1, -1 do
    local start, count, new_start, new_count = unpack(changes[index])
    -- Of an insertion the line before it is given.
    local first = count == 0 and start or start - 1
    local replacement = new_count == 0 and {} or vim.list_slice(lines, new_start, new_start + new_count - 1)
    vim.api.nvim_buf_set_lines(buf, first, first + count, false, replacement)
  end
end

--- Where a row of one text is in another; the nearest one where it was changed.
---@param old string[]
---@param new string[]
---@param row integer 0-based
---@return integer
function M.moved(old, new, row)
  local delta = 0
  for _, change in ipairs(M.differences(old, new)) do
    local start, count, new_start, new_count = unpack(change)
    local first = count == 0 and start or start - 1
    if row < first then
      break
    elseif row < first + count then
      return math.max(0, math.min(math.max(new_start - 1, 0) + (row - first), #new - 1))
    end
    delta = delta + new_count - count
  end
  return math.max(0, math.min(row + delta, #new - 1))
end

return M
