-- How the server is started and what it is told of this client. From 0.11 on this goes through `vim.lsp.config`.
local M = {}

---@param buf integer
---@return boolean
function M.is_file(buf)
  local name = vim.api.nvim_buf_get_name(buf)
  return vim.api.nvim_buf_is_loaded(buf) and vim.bo[buf].buftype == '' and name ~= '' and not name:match('^%a[%w+.-]+://')
end

---@param buf integer
---@return string
function M.root(buf)
  local option = require('pi.config').get().root
  local root = option
  if type(option) == 'function' then
    root = option(buf)
  end
  return root or (M.is_file(buf) and vim.fs.root(buf, '.git')) or vim.fn.getcwd()
end

---@type string? of the server that runs or is being started
local root_in_use

--- The folder of the one server: that of the file with which it was started, whatever file asks.
---@param buf integer
---@return string
function M.root_of(buf)
  root_in_use = root_in_use or M.root(buf)
  return root_in_use
end

--- The server has ended; the next one may work elsewhere.
function M.forget_root()
  root_in_use = nil
end

--- Everything about the connection that is not known only at its start. From 0.11 on it goes through `vim.lsp.config`.
---@return vim.lsp.ClientConfig
function M.config()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  -- Neovim takes versioned edits without saying so; our own handler checks them.
  capabilities = vim.tbl_deep_extend('force', capabilities, {
    workspace = { workspaceEdit = { documentChanges = true }, applyEdit = true },
    experimental = {
      pi = {
        version = require('pi.server.program').version,
        proposals = true,
        events = true,
        pick = true,
        input = true,
        save = true,
        status = true,
        editor = true,
      },
    },
  })
  return {
    name = 'pilsp',
    cmd = function(dispatchers)
      local server, problem = require('pi.server.program').find()
      if not server then
        error(problem, 0)
      end
      local options = require('pi.config').get()
      local command = vim.list_extend(vim.deepcopy(server.command), { '--stdio', '--log-file', require('pi.server.program').log_file() })
      return vim.lsp.rpc.start(vim.list_extend(command, { '--log-level', options.log_level }), dispatchers)
    end,
    capabilities = capabilities,
    handlers = require('pi.server.handlers').table(),
    flags = { debounce_text_changes = 50 },
    before_init = function(params)
      params.initializationOptions = { pi = M.settings() }
    end,
    on_init = function(client)
      require('pi.server.client').initialized(client)
    end,
    on_attach = function(_, buf)
      require('pi.edit.versions').track(buf)
    end,
    on_exit = function(code, signal, id)
      vim.schedule(function()
        require('pi.server.client').ended(code, signal, id)
      end)
    end,
  }
end

---@return table
function M.settings()
  local settings = require('pi.config').get().settings or {}
  return next(settings) and settings or vim.empty_dict()
end

return M
