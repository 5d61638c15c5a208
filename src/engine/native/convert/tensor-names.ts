/** Name of a converted network's single input: (1, 3, height, width). */
export const INPUT_NAME = 'input';
export const outputName = (index: number) => `output${index}`;
