// `npm run bench -- windows …` lists a Windows host, without that word an xrdp host.
await import(process.argv[2] === 'windows' ? './windows.ts' : './xrdp.ts');
