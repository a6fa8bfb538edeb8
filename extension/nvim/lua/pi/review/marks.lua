-- Open hunks in the buffers: a sign, what goes in the colour of deletion, what comes as virtual lines below it.
local M = {}

local ns = vim.api.nvim_create_namespace('pi.hunks')

--- How many lines of a new file are shown in the buffer that stands for it.
local WHOLE = 500

local function define_highlights()
  for name, link in pairs({
    PiSign = 'DiagnosticInfo',
    PiClash = 'DiagnosticWarn',
    PiDelete = 'DiffDelete',
    PiAdd = 'DiffAdd',
    PiNote = 'Comment',
    PiRemark = 'DiagnosticHint',
  }) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end

--- What it would do, in a few words.
---@param place pi.Place
---@return string
function M.title(place)
  local after = place.edit.status == 'stopped' and ' · the run was stopped' or ''
  if place.hunk.fate == 'clashed' then
    return 'you have changed these lines meanwhile' .. after
  end
  after = after .. (place.edit.protected and ' · protected' or '')
  local careful = place.edit.careful and ' · careful: ' .. place.edit.careful or ''
  local verb = place.count == 0 and 'insert' or place.new_count == 0 and 'delete' or 'change'
  return ('%s +%d −%d%s%s'):format(verb, place.new_count, place.count, after, careful)
end

---@param place pi.Place
---@param most integer
---@param dos boolean
---@return table[] virtual lines
local function preview(place, most, dos)
  if place.hunk.fate == 'clashed' or place.new_count == 0 or most <= 0 then
    return {}
  end
  local lines = require('pi.text').lines(place.hunk.newText, dos)
  local shown = {}
  for index = 1, math.min(#lines, most) do
    shown[index] = { { (lines[index]:gsub('\t', '    ')), 'PiAdd' } }
  end
  if #lines > most then
    table.insert(shown, { { ('… %s more'):format(require('pi.text').counted(#lines - most, 'line')), 'PiNote' } })
  end
  return shown
end

---@param buf integer
---@param place pi.Place
---@param number? string "3 of 14"
---@param in_review boolean a diff beside it shows the lines already
local function mark(buf, place, number, in_review)
  local options = require('pi.config').get().marks
  local last = vim.api.nvim_buf_line_count(buf) - 1
  -- An insertion stands below the line before it; at the top there is none.
  local above = place.count == 0 and place.row == 0
  local row = math.min(place.count == 0 and math.max(place.row - 1, 0) or place.row, last)
  local clash = place.hunk.fate == 'clashed'
  local sign = options.sign ~= '' and options.sign or nil
  vim.api.nvim_buf_set_extmark(buf, ns, row, 0, {
    sign_text = sign,
    sign_hl_group = sign and (clash and 'PiClash' or 'PiSign') or nil,
    virt_text = { { ('Pi%s: %s'):format(number and ' ' .. number or '', M.title(place)), clash and 'PiClash' or 'PiNote' } },
    virt_text_pos = 'eol',
  })
  if in_review then
    return
  end
  local bottom = math.min(math.max(row, place.row + place.count - 1), last)
  for line = row, place.count > 0 and bottom or row - 1 do
    vim.api.nvim_buf_set_extmark(buf, ns, line, 0, { line_hl_group = 'PiDelete', sign_text = sign, sign_hl_group = sign and 'PiSign' or nil })
  end
  -- Of a new file there is nothing else to be seen.
  local most = require('pi.review.standin').of(buf) and math.max(options.lines, WHOLE) or options.lines
  local lines = preview(place, most, vim.bo[buf].fileformat == 'dos')
  if #lines > 0 then
    vim.api.nvim_buf_set_extmark(buf, ns, bottom, 0, { virt_lines = lines, virt_lines_above = above })
  end
end

--- Draws everything anew. A list that is behind the buffer is left for the next one, which is on its way: marks that are
--- there move with the text.
function M.refresh()
  define_highlights()
  local state = require('pi.state')
  local hunks = require('pi.review.hunks')
  local by_buffer = {}
  for _, edit in ipairs(state.open_edits()) do
    for _, buf in ipairs({ vim.uri_to_bufnr(edit.uri), unpack(require('pi.review.standin').bufs(edit.id)) }) do
      by_buffer[buf] = by_buffer[buf] or {}
      table.insert(by_buffer[buf], edit)
    end
  end
  local numbers, total = hunks.numbers()
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buf) then
      local edits = by_buffer[buf] or {}
      local behind = vim.iter(edits):any(function(edit)
        return type(edit.version) == 'number' and require('pi.edit.versions').is_stale(buf, edit.version)
      end)
      if not behind then
        vim.api.nvim_buf_clear_namespace(buf, ns, 0, -1)
        for _, edit in ipairs(edits) do
          for _, place in ipairs(hunks.places(edit)) do
            local number = numbers[hunks.key(place)]
            mark(buf, place, number and total > 1 and ('%d of %d'):format(number, total) or nil, require('pi.review').shows(buf))
          end
        end
      end
    end
  end
end

return M
