-- What is shown of a text that is not ours. The server has done the same to what it sends; this is for what comes from
-- elsewhere, such as names of files and buffers.
local M = {}

--- First and last of the characters that would not be seen: controls, changes of direction, widths of nothing, blanks
--- that are no space.
local ODD = {
  { 0x00, 0x1f },
  { 0x7f, 0xa0 },
  { 0xad, 0xad },
  { 0x34f, 0x34f },
  { 0x600, 0x605 },
  { 0x61c, 0x61c },
  { 0x115f, 0x1160 },
  { 0x1680, 0x1680 },
  { 0x17b4, 0x17b5 },
  { 0x180b, 0x180f },
  { 0x2000, 0x200f },
  { 0x2028, 0x202f },
  { 0x205f, 0x206f },
  { 0x2800, 0x2800 },
  { 0x3000, 0x3000 },
  { 0x3164, 0x3164 },
  { 0xd800, 0xdfff },
  { 0xfe00, 0xfe0f },
  { 0xfeff, 0xfeff },
  { 0xffa0, 0xffa0 },
  { 0xfff0, 0xfffb },
  { 0x1bca0, 0x1bca3 },
  { 0x1d173, 0x1d17a },
  { 0xe0000, 0xe0fff },
}

local function is_odd(number)
  for _, range in ipairs(ODD) do
    if number < range[1] then
      return false
    elseif number <= range[2] then
      return true
    end
  end
  return false
end

---@param text string
---@param fine string characters that are left as they are
---@return string
local function escaped(text, fine)
  if not text:find('[%z\1-\31\127-\255]') then
    return text
  end
  return (
    text:gsub('[%z\1-\127\194-\244][\128-\191]*', function(char)
      local number = #char == 1 and char:byte() or vim.fn.char2nr(char, true)
      if fine:find(char, 1, true) or not is_odd(number) then
        return nil
      end
      return ('\\u{%x}'):format(number)
    end)
  )
end

--- Several lines, each as it is but for what would not be seen, which stands as `\\u{…}`.
---@param text string
---@return string
function M.text(text)
  return escaped(text:gsub('\r\n', '\n'), '\n\t')
end

--- A name on one line.
---@param name string
---@return string
function M.name(name)
  return escaped(name, '')
end

return M
