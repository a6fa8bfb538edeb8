-- What the user is told: always through vim.notify, so that it goes where the user has it go.
local M = {}

---@param text string
---@param level integer
local function say(text, level)
  -- Not from inside a callback of the event loop.
  if vim.in_fast_event() then
    vim.schedule(function()
      say(text, level)
    end)
    return
  end
  vim.notify('Pi: ' .. require('pi.shown').text(text), level, { title = 'Pi' })
end

---@param text string
function M.info(text)
  say(text, vim.log.levels.INFO)
end

---@param text string
function M.warn(text)
  say(text, vim.log.levels.WARN)
end

---@param text string
function M.error(text)
  say(text, vim.log.levels.ERROR)
end

--- What comes by itself, perhaps while somebody types: one line that fits, for a longer one makes Neovim wait for a key.
---@param text string
---@param level? integer
function M.brief(text, level)
  text = text:gsub('%s*\n%s*', ' ')
  local room = math.max(20, vim.v.echospace - 5)
  if vim.fn.strdisplaywidth(text) > room then
    text = vim.fn.strcharpart(text, 0, room - 1) .. '…'
  end
  -- A second message without this would make it wait too.
  pcall(vim.cmd.redraw)
  say(text, level or vim.log.levels.INFO)
end

return M
