import { readCampaign } from '../scenario-files.js';

/** Checks a campaign file and says what it holds. */
export async function validate(file: string): Promise<void> {
  const { name, steps } = await readCampaign(file);
  console.log(
    `${file} is valid: "${name}", ${steps.length} steps (${steps.map(({ key }) => key).join(', ')}).`,
  );
}
