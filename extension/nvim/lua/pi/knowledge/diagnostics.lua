-- The diagnostics of the user's other language servers, for Pi: `pi/editor/diagnostics`.
local M = {}

---@param buf? integer
---@return table[]
local function present(buf)
  local items = {}
  for _, one in ipairs(vim.diagnostic.get(buf)) do
    local name = vim.api.nvim_buf_get_name(one.bufnr)
    local original = vim.tbl_get(one, 'user_data', 'lsp')
    if name ~= '' and one.source ~= 'pi' then
      table.insert(items, {
        uri = vim.uri_from_bufnr(one.bufnr),
        range = original and original.range
          or { start = { line = one.lnum, character = one.col }, ['end'] = { line = one.end_lnum or one.lnum, character = one.end_col or one.col } },
        severity = one.severity,
        message = one.message,
        source = one.source,
        code = one.code,
      })
    end
  end
  return items
end

---@param params { uri?: string, version?: integer, waitMs: integer }
---@param done fun(result: { items: table[] })
function M.answer(params, done)
  local buf = params.uri and require('pi.knowledge.editor').buffer(params.uri) or nil
  if params.uri and not buf then
    return done({ items = {} })
  end
  if not params.version or not buf then
    return done({ items = present(buf) })
  end
  -- The next report on this buffer is one about its present text: servers are told of a change before they report.
  local over, watch, timer = false, nil, nil
  local function finish()
    if not over then
      over = true
      pcall(vim.api.nvim_del_autocmd, watch)
      timer:close()
      done({ items = present(buf) })
    end
  end
  watch = vim.api.nvim_create_autocmd('DiagnosticChanged', { buffer = buf, callback = vim.schedule_wrap(finish) })
  timer = assert(vim.uv.new_timer())
  timer:start(math.max(params.waitMs, 1), 0, vim.schedule_wrap(finish))
end

return M
