-- Only the command and the <Plug> maps: everything else is loaded when it is first used.
if vim.g.loaded_pi then
  return
end
vim.g.loaded_pi = 1

if vim.fn.has('nvim-0.10') == 0 then
  vim.api.nvim_echo({ { 'Pi needs Neovim 0.10 or newer; docs/editors/neovim.md says how to use the bare server.', 'WarningMsg' } }, true, {})
  return
end

vim.api.nvim_create_user_command('Pi', function(input)
  require('pi.command').run(input)
end, {
  nargs = '*',
  range = true,
  bang = true,
  desc = 'Ask Pi, and decide about what it proposes',
  complete = function(lead, line, cursor)
    return require('pi.command').complete(lead, line, cursor)
  end,
})

for _, name in ipairs({ 'ask', 'edit', 'prompt', 'apply', 'reject', 'next', 'prev', 'review', 'remark', 'chat', 'answer', 'model', 'stop', 'undo' }) do
  vim.keymap.set({ 'n', 'x' }, ('<Plug>(pi-%s)'):format(name), function()
    require('pi.command').map(name)
  end, { desc = 'Pi: ' .. name })
end

-- With `autostart` the server starts with the first file; without it, nothing happens before the first use.
local options = vim.g.pi
if type(options) == 'table' and options.autostart then
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
    group = vim.api.nvim_create_augroup('pi.autostart', {}),
    once = true,
    callback = function(event)
      require('pi.server.client').start(event.buf)
    end,
  })
end
