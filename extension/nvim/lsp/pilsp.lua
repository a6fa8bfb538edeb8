-- Neovim's own configuration of the server (0.11 and newer): `vim.lsp.config('pilsp', …)` changes it,
-- `vim.lsp.enable('pilsp')` starts it with the first file.
return require('pi.connection').config()
