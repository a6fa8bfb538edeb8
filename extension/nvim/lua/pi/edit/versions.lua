-- Since which change a buffer is as it is. Neovim's own numbers (vim.lsp.util.buf_versions) go back to 0 whenever another
-- server is attached (0.10), so that a stale edit can look fresh.
local M = {}

---@type table<integer, integer> the tick of the last change since the server was told the whole text; nothing: none since
local changed = {}
---@type table<integer, true>
local tracked = {}

--- 0.10 forgets a version that it has not sent yet when another server is attached, and would send 0 in its place.
local function remember()
  vim.api.nvim_create_autocmd('LspAttach', {
    group = vim.api.nvim_create_augroup('pi.versions', {}),
    callback = function(event)
      local versions = vim.lsp.util.buf_versions
      local own = vim.lsp.get_client_by_id(event.data.client_id)
      if own and own.name == require('pi.server.client').name then
        return
      end
      if changed[event.buf] and (versions[event.buf] or 0) < changed[event.buf] then
        versions[event.buf] = changed[event.buf]
      end
    end,
  })
end

---@param buf integer
function M.track(buf)
  remember()
  changed[buf] = nil
  if tracked[buf] then
    return
  end
  tracked[buf] = vim.api.nvim_buf_attach(buf, false, {
    on_lines = function(_, _, tick)
      changed[buf] = tick
    end,
    on_reload = function()
      changed[buf] = nil
    end,
    on_detach = function()
      tracked[buf], changed[buf] = nil, nil
    end,
  }) or nil
end

--- Was the buffer changed after this version was given out?
---@param buf integer
---@param version integer
---@return boolean
function M.is_stale(buf, version)
  return changed[buf] ~= nil and changed[buf] > version
end

---@param buf integer
---@return boolean
function M.is_tracked(buf)
  return tracked[buf] == true
end

return M
