console.log('this line must not reach the description')
throw new SyntaxError('broken on purpose')
